# Everything is set up in .venv on first use; nothing is downloaded at run time.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

unexport PYTHONDONTWRITEBYTECODE  # without byte code every process of the tests would read its libraries anew

.PHONY: run desk test slow check docs lock sbom licences messages changelog setup

run: $(VENV)/.runs
	@echo "Forecasting arrivals over one road as of 27 September 2023, 15:00: a minute or two; compiling once, about 20 s ..."
	$(BIN)/safeconduct forecast karabakh-2023 --as-of 2023-09-27T15:00+04:00
	@echo "Open it in a browser. Next: $(BIN)/safeconduct monitor karabakh --as-of 2023-09-18"

desk: $(VENV)/.runs
	@test -d out/desk/demo-valley || (mkdir -p out/desk && cp -r src/safeconduct/cases/demo-valley out/desk/)
	$(BIN)/safeconduct desk out/desk

test: setup
	$(BIN)/pytest -n auto --dist worksteal

slow: setup
	$(BIN)/pytest -n auto --dist worksteal -m slow

check: setup
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/mypy

docs: setup
	$(PIP) install -e '.[docs]'
	$(BIN)/sphinx-build -W -q docs docs/_build/html
	@echo "Docs: docs/_build/html/index.html"

lock: setup
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev \
	  --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra reading \
	  --constraint requirements.lock --custom-compile-command "make lock" --output-file requirements-run.lock pyproject.toml

licences: setup
	$(BIN)/python docs/licences.py

sbom: setup
	$(PIP) install cyclonedx-bom
	$(BIN)/cyclonedx-py requirements requirements.lock --output-file sbom.json
	@echo "Software bill of materials: sbom.json"

CATALOGUES := src/safeconduct/findings/story/locale
BABEL := $(BIN)/pybabel --quiet

messages: setup
	$(PIP) install babel
	$(BABEL) extract -F pyproject.toml --no-location --sort-output -o $(CATALOGUES)/story.pot src/safeconduct/findings/story
	$(BABEL) update -i $(CATALOGUES)/story.pot -d $(CATALOGUES) -D story --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date
	$(BABEL) compile -d $(CATALOGUES) -D story
	rm $(CATALOGUES)/story.pot

changelog: setup
	$(PIP) install towncrier
	$(BIN)/towncrier build --version $$($(BIN)/python -c 'import safeconduct; print(safeconduct.__version__)') --yes

setup: $(VENV)/.ready

$(VENV)/.ready: $(VENV)/.runs requirements.lock
	@echo "Adding what tests, checks and docs need to $(VENV), once: about 0.6 GB, a minute ..."
	$(PIP) install --no-compile --no-deps --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.runs: pyproject.toml requirements-run.lock
	@echo "Setting up $(VENV), once: about 0.7 GB, a minute ..."
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --no-compile --no-deps --require-hashes -r requirements-run.lock
	$(PIP) install --no-deps -e .
	@touch $@
