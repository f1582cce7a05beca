# Everything is set up in .venv on first use; nothing is downloaded at run time.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check docs setup

run: setup
	$(BIN)/safeconduct run karabakh-2023

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
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
