"""Exit plans: how an agreement ends, what happens to each post and service, and what it costs each council."""
