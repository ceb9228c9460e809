"""Facts on a screen: the boards a working group steers by, and the lines behind each of their figures."""
