"""Break a portal of its own, served as in production, while people work in it."""
