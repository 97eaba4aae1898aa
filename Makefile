# The only task vocabulary of this project. `make` alone lists it.
PYTHON ?= python3
VENV   ?= .venv
ENGINE ?= .venv-engine
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev
UV     := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test engine mutate check browser docs bench fmt lock messages wheel clean

help:  ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 1)' || \
	  { echo "Tandem needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another one: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Preparing an environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv. Is the disk full? See: df -h ."; exit 1; }

$(STAMP): requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing (about a minute the first time) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements-dev.lock $(STAMP)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(STAMP)

demo: $(STAMP)  ## Serve two partner cities, Hamm on port 8000 and Arezzo on port 8001, and a junction in simulation
	@exec $(BIN)/tandem demo

demo-reset: $(STAMP)  ## The same, begun anew
	@exec $(BIN)/tandem demo --reset

test: $(DEV)  ## Run the tests that need nothing but Python
	$(BIN)/python -m pytest -n auto -m "not browser" $(ARGS)

engine:  ## Run the signal engine's tests in an environment of its own, without the portal
	@test -x $(ENGINE)/bin/python || $(PYTHON) -m venv $(ENGINE)
	@$(ENGINE)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-signals.lock
	@$(ENGINE)/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(ENGINE)/bin/python -m pytest -n auto tests/signals tests/core $(ARGS)

check: $(DEV)  ## Lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	TANDEM_HOME=tests/installation $(BIN)/mypy
	$(BIN)/lint-imports

mutate: $(DEV)  ## Break the gate in every small way and see that a test notices
	$(BIN)/python tests/verification/mutate.py

# Only modules with such tests are collected. Each worker serves two cities of its own; a journey stays with one.
browser: $(DEV)  ## Run the tests that need Chromium
	$(BIN)/python -m pytest -n auto --dist loadfile -m browser $(shell grep -rlF mark.browser tests --include='test_*.py' | sort) $(ARGS)

docs: $(DEV)  ## Build the documentation into docs/_build
	$(BIN)/sphinx-build -W -q -b html docs docs/_build

bench: $(DEV)  ## Run every benchmark beside its peer (peers go into an environment of their own)
	$(BIN)/python benchmarks/run.py

fmt: $(DEV)  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only -q .

lock: $(DEV)  ## Pin every dependency anew, with hashes
	$(UV) --upgrade --extra all --group dev pyproject.toml -o requirements-dev.lock
	$(UV) --extra all --group build pyproject.toml -c requirements-dev.lock -o requirements.lock
	$(UV) --extra signals --group engine pyproject.toml -c requirements-dev.lock -o requirements-signals.lock
	$(UV) --upgrade --group bench pyproject.toml -o requirements-bench.lock

messages: $(DEV)  ## Collect texts for translation, and compile the catalogues
	$(BIN)/python tests/messages.py

wheel: $(DEV)  ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

clean:  ## Remove what was built (not the demo's data)
	rm -rf $(VENV) $(ENGINE) dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
