"""What happens when things break: a portal of its own, served as in production, and people working in it meanwhile."""
