"""Seeded faults: proof that the tests would notice. `make mutants` puts each into a copy of the source, one at a time.

Each fault is in one of the `.toml` files beside this: what it does to the partnership, the file, the exact piece of
source, its replacement, and the tests that must fail.
"""
