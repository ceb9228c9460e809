"""Measure the cost of pages and files as ratios within one run: `make bench`. The suite itself asserts no speed."""
