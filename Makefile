# scanflow: `make demo` and `make test` work on a bare Debian 12 with git, make and Python 3.11+.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --disable-pip-version-check --quiet --no-input
export OMP_THREAD_LIMIT := 1

.PHONY: demo test check lint types imports clean

demo: $(VENV)/.run
	$(BIN)/scanflow demo --fixtures fixtures/scans --out demo-out

# Two workers, a file to a worker: the files that own a device (scanner, virtual machine) are not split.
test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# One room: make room ROOM=sealing
room: $(VENV)/.test
	$(BIN)/python -m pytest tests/$(ROOM)

check: lint types imports

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

imports: $(VENV)/.test
	$(BIN)/lint-imports

# --- by hand: long runs, drawings, figures ------------------------------------------------------------------------
.PHONY: bench fuzz usb-lab fixtures docs-events train-stamps room

bench: $(VENV)/.test
	$(BIN)/python -m bench.station
	$(BIN)/python -m bench.stamps --pages 3000 --reader
	$(BIN)/python -m bench.ledger 200000
	$(BIN)/python -m bench.counting
	$(BIN)/python -m bench.hints
	$(BIN)/python -m bench.pagenumbers
	$(BIN)/python -m bench.twice
	$(BIN)/python -m bench.books 200000
	$(BIN)/python -m bench.scanner
	$(BIN)/python -m bench.console
	$(BIN)/python -m bench.sealing --pages 20

fuzz: $(VENV)/.test
	$(BIN)/python -m tests.manifest.fuzz 100000 1
	$(BIN)/python tests/media/descriptorfuzz.py 1000000 1
	$(BIN)/python -m tests.scanner.test_recovery 100000 1
	$(BIN)/python -m tests.sealing.fuzz_container 1000000 1

usb-lab: $(VENV)/.test
	$(BIN)/python -m pytest tests/usblab

fixtures: $(VENV)/.test
	PYTHONPATH=src $(BIN)/python -m tools.fixtures.make

docs-events: $(VENV)/.run
	$(BIN)/python -m scanflow.ledger.docs > docs/events.md

# PyTorch is no part of the locks: the training extra only.
train-stamps: $(VENV)/.test
	$(PIP) install "torch>=2.5" onnx
	PYTHONPATH=src:. $(BIN)/python -m tools.stamps --pages 6000 --minutes 240

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
