# Each target is a command that a person could type; see README.md.
SHELL := /bin/sh
PYTHON ?= python3.11
BIN := .venv/bin
ROOMS := contracts reference_impl simulator reports features gxproof
LOCK := gxproof/requirements.lock
SOURCES := pyproject.toml $(LOCK) $(shell find $(ROOMS) -type f -not -path '*/__pycache__/*' 2>/dev/null)
# One process for each core; the tests of a file stay together, because they share what they set up.
SIDE_BY_SIDE := --numprocesses auto --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: qualify test test-long install peers lint bench lock clean

## qualify: install, then run IQ, OQ and PQ of the reference on the example plant
qualify: install
	@$(BIN)/gxproof qualify

## test: install, then run the tests; skips are printed at the end with their reasons
test: install
	$(BIN)/pytest $(SIDE_BY_SIDE) -m "not long"

## test-long: the tests that take minutes as well
test-long: install
	$(BIN)/pytest $(SIDE_BY_SIDE)

## lint: style, types, layers
lint: install
	$(BIN)/ruff check $(ROOMS) tests
	$(BIN)/mypy
	$(BIN)/lint-imports

## bench: measured numbers, with the machine's description
bench: install
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/recall_trace.py
	$(BIN)/python -m tests.bench.issues_bench

## peers: other people's verifiers for the tests, where node is installed
peers:
	npm ci --no-audit --no-fund --prefix tests/peers

## install: .venv with everything in its locked version, and the product as a wheel
install: .venv/.installed

.venv/.locked: $(LOCK) .ci/bootstrap
	@.ci/bootstrap $(PYTHON)
	@echo "Installing the locked packages"
	@$(BIN)/pip install --quiet --require-hashes --requirement $(LOCK)
	@touch $@

.venv/.installed: .venv/.locked $(SOURCES)
	@$(BIN)/python -W error -c "import weasyprint" >/dev/null 2>&1 || .ci/system-libraries
	@rm -rf dist && $(BIN)/python -m hatchling build -t wheel >/dev/null 2>dist.log || (cat dist.log; exit 1)
	@rm -f dist.log
	@$(BIN)/pip install --quiet --no-deps --no-index --force-reinstall dist/*.whl
	@touch $@

## lock: write the lock anew, with hashes and without index addresses
lock: install
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  --extra dev --output-file $(LOCK) pyproject.toml

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
