# Every command a person needs; what each does is in scripts/, in Python's standard library only.
# `make test ARGS="-k savings"` passes arguments on to pytest; PORT, EXAMPLE and the rest are in docs/running-it.md.

PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run install test check fix lock pictures bench faults mutants

help:  ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)

run:  ## Set up, load the example, write its review to out/, and serve the portal
	@$(PYTHON) scripts/run.py

install:  ## Set up what a server needs, without a database; then follow docs/running-it.md
	@$(PYTHON) scripts/install.py

test:  ## Run the suite on PostgreSQL, and on SQLite what a database can change
	@$(PYTHON) scripts/test.py $(ARGS)

check:  ## Look for what is wrong; change nothing
	@$(PYTHON) scripts/check.py

fix:  ## Mend what a machine can mend
	@$(PYTHON) scripts/fix.py

lock:  ## Compile requirements/*.in and package.json into locks without addresses
	@$(PYTHON) scripts/lock.py

bench:  ## Measure what pages and files cost, on both engines, against docs/performance.md; some eight minutes
	@$(PYTHON) scripts/bench.py $(ARGS)

faults:  ## Break the portal in every way at full size, on both engines; an hour or more
	@$(PYTHON) scripts/faults.py

mutants:  ## Put faults into a copy of the source, one at a time: the tests must notice; some fifteen minutes
	@$(PYTHON) scripts/mutants.py $(ARGS)

pictures:  ## Take the README's pictures from the running portal
	@$(PYTHON) scripts/pictures.py
