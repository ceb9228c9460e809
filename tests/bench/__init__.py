"""What pages cost as the registers grow, as ratios within one run. `make bench`; not part of the suite."""
