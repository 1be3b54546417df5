# Andon: two commands for a new user, `make demo` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= .data/demo
SEED ?= 20250101
PORT ?= 8000
TOGETHER := -q -p no:cacheprovider --dist loadscope --no-loadscope-reorder

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## Install everything into .venv (needs Python 3.11 or newer)

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Andon needs Python 3.11 or newer: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements.lock)"
	$(BIN)/uv pip sync --system-certs --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --system-certs --quiet --python $(BIN)/python --no-deps --editable .
	ANDON_DATA_DIR=$(VENV)/setup $(BIN)/andon build-static
	touch $@

demo: setup ## Build the probe factory's year and serve it on 127.0.0.1:8000
	$(BIN)/andon demo --data $(DATA) --seed $(SEED) --port $(PORT)

serve: setup ## Serve the data folder DATA
	$(BIN)/andon serve --data $(DATA) --port $(PORT)

# Five processes on two cores: threads of their own would wait for each other more than they work.
on-sqlite elsewhere: export POLARS_MAX_THREADS = 1
on-sqlite elsewhere: export OPENBLAS_NUM_THREADS = 1
# Each of the many commands that are tried would else compile the program anew.
on-sqlite elsewhere: export PYTHONDONTWRITEBYTECODE =

test: setup ## Everything that must hold: style, SQLite, PostgreSQL, a real browser
	$(BIN)/python tests/browser_at_hand.py
	@$(MAKE) --no-print-directory -j3 check on-sqlite elsewhere

on-sqlite: setup
	$(BIN)/pytest -n 3 $(TOGETHER)

# What is told is kept until its end, so that two runs at once do not mix their lines.
elsewhere: setup
	@mkdir -p build; \
	{ $(BIN)/python tests/postgres.py $(BIN)/pytest -n 2 $(TOGETHER) -m "not once and not browser" --ignore tests/stats --ignore tests/pictures --ignore tests/web \
	&& $(MAKE) --no-print-directory spark; } > build/elsewhere.txt 2>&1; \
	status=$$?; echo "== PostgreSQL and Spark"; cat build/elsewhere.txt; exit $$status

spark: setup ## The same figures on Apache Spark as in one process (needs Java 17 or newer)
	@if $(BIN)/python tests/spark/java_at_hand.py; then \
	  $(MAKE) --no-print-directory .venv-spark/.ready && .venv-spark/bin/python -m pytest -q tests/spark; \
	fi

.venv-spark/.ready: requirements-spark.lock
	test -x .venv-spark/bin/python || $(PYTHON) -m venv .venv-spark
	$(BIN)/uv pip sync --system-certs --quiet --python .venv-spark/bin/python --require-hashes requirements-spark.lock
	$(BIN)/uv pip install --system-certs --quiet --python .venv-spark/bin/python --no-deps --editable .
	touch $@

.venv-semgrep/.ready: requirements-semgrep.lock
	test -x .venv-semgrep/bin/python || $(PYTHON) -m venv .venv-semgrep
	$(BIN)/uv pip sync --system-certs --quiet --python .venv-semgrep/bin/python --require-hashes requirements-semgrep.lock
	touch $@

check: setup ## Style, types and architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup ## Speed and growth as ratios, one table of all (BENCH="growth spark": only these)
	$(BIN)/python benchmarks/all.py $(BENCH)

trust: setup .venv-semgrep/.ready ## Kills, attacks, mutants, fuzz, every cell: one table (TRUST="attacks": only these)
	$(BIN)/python benchmarks/trust.py $(TRUST)

lock: ## Write the three locks anew from pyproject.toml
	$(BIN)/uv pip compile --system-certs --quiet --upgrade --universal --python-version 3.11 --extra dev --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --system-certs --quiet --upgrade --universal --python-version 3.11 --extra spark --generate-hashes --no-header --constraints requirements.lock pyproject.toml tests/spark/requirements.in -o requirements-spark.lock
	$(BIN)/uv pip compile --system-certs --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header tests/trust/semgrep.in -o requirements-semgrep.lock

clean: ## Remove what was installed and generated (never the data)
	rm -rf $(VENV) .venv-spark .venv-semgrep build dist .mypy_cache .ruff_cache .pytest_cache

.PHONY: help setup demo serve test on-sqlite elsewhere spark check bench trust lock clean
