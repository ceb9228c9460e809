"""Faults put into a copy of the source, one at a time: proof that the tests would notice. `make mutants` runs them.

Each stands in one of the `.toml` files beside this: what it does to the partnership, the file, the exact piece of
source, what stands there instead, and the test that has to fail.
"""
