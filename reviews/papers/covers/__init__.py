"""Cover reports: one for each council's body, from one draft."""
