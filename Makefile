# Each verb sets up what it needs by itself; nothing has to be installed first but Python 3.11 or newer.
PYTHON ?= python3
PORT ?= 2024
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable

.PHONY: run test check eval bench chaos clean

run: .venv/serve
	@$(BIN)/python -m web.welcome $(PORT)
	@$(BIN)/langgraph dev --host 127.0.0.1 --port $(PORT) --no-browser --no-reload --n-jobs-per-worker 10

test: .venv/dev
	@$(BIN)/pytest

check: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

eval: .venv/dev
	@$(BIN)/python -m tests.evals

bench: .venv/dev
	@$(BIN)/python -m tests.bench

chaos: .venv/dev
	@$(BIN)/python -m tests.chaos $(SEED)

clean:
	rm -rf .venv

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/serve: .venv/python pyproject.toml constraints.txt
	@echo "Setting up (a minute the first time) ..."
	@$(PIP) '.[serve]'
	@touch $@

.venv/dev: .venv/python pyproject.toml constraints.txt
	@echo "Setting up for development (a minute the first time) ..."
	@$(PIP) '.[dev]'
	@touch $@ .venv/serve
