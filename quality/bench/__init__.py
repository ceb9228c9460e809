"""What pages and files cost, as ratios within one run: `make bench`. Not part of the suite, which asserts no speed."""
