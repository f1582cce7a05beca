# Everything is set up in .venv on first use; nothing is downloaded at run time.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check docs setup

run: setup
	@echo "Simulating one road for one week, 200 times: a minute or two ..."
	$(BIN)/safeconduct run karabakh-2023
	@echo "Open it in a browser. Next: $(BIN)/safeconduct monitor karabakh --as-of 2023-09-18"

test: setup
	$(BIN)/pytest -n auto

check: setup
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/mypy

docs: setup
	$(BIN)/pip install --quiet -e '.[docs]'
	$(BIN)/sphinx-build -W -q docs docs/_build/html
	@echo "Docs: docs/_build/html/index.html"

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@echo "Setting up $(VENV), once: about 1 GB, some minutes ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
