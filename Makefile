# scanflow: `make demo` and `make test` work on a bare Debian 12 with git, make and Python 3.11+.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --disable-pip-version-check --quiet --no-input
export OMP_THREAD_LIMIT := 1

.PHONY: demo test check lint types imports clean

demo: $(VENV)/.run
	$(BIN)/scanflow demo --fixtures fixtures/scans --out demo-out

test: check
	$(BIN)/python -m pytest

check: lint types imports

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

imports: $(VENV)/.test
	$(BIN)/lint-imports

# --- what is installed, and when -------------------------------------------------------------------------------
$(VENV)/.system-run: packages/run.txt tools/install-packages.sh
	tools/install-packages.sh packages/run.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.build: $(VENV)/.system-run requirements-build.lock
	$(PIP) install --require-hashes -r requirements-build.lock
	touch $@

$(VENV)/.run: $(VENV)/.build requirements.lock pyproject.toml
	$(PIP) install --require-hashes --no-build-isolation -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.lock packages/test.txt
	tools/install-packages.sh packages/test.txt
	$(PIP) install --require-hashes --no-build-isolation -r requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) demo-out .cache
