"""Where reviews and business cases go, and what comes of them: the meetings that take them."""
