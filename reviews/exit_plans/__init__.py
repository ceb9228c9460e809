"""What ending an agreement means: who leaves when, what becomes of each post and service, what it costs whom."""
