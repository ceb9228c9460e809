"""Tools that measure the portal and its tests: seeded faults, broken services, benchmarks. Run by `make`."""
