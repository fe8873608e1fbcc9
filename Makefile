PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Byte code is kept: a story starts many processes, and each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up demo test check snapshots bench year lock clean python runtime dev

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: runtime ## Start everything on this machine: http://127.0.0.1:8080
	@exec $(BIN)/rappel up

demo: runtime ## Play an invented group: 90 days in three minutes, then life goes on
	@exec $(BIN)/rappel demo

test: dev ## Run all tests, the fast ones first
	$(BIN)/pytest -m "not story" --numprocesses 2
	$(BIN)/pytest -m story --numprocesses 3 --dist loadfile --no-loadscope-reorder

check: dev ## Formatting, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

snapshots: dev ## Write anew how each message reads, after a change of its words
	@$(BIN)/python -m tests.templates.test_snapshots

bench: dev ## What a case costs, how late its steps are, how long pages take, what faults and kills come to
	$(BIN)/python -m bench

year: dev ## Play a year of thirty regions in a quarter of an hour, and judge it: SEED=2 is another one
	@$(BIN)/python -m year --seed $(or $(SEED),1)

lock: dev ## Compile both lock files again from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --extra build --extra dev -o requirements-dev.lock

COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

clean: ## Remove what was installed and cached; the cases in .rappel/ stay
	rm -rf $(VENV) node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "Rappel needs Python 3.11 or newer, and there is no $(PYTHON) here:" \
		"install it, or name another one with make PYTHON=..." >&2; exit 1; }

runtime: python
	@$(PYTHON) scripts/install.py

dev: python
	@$(PYTHON) scripts/install.py --dev
