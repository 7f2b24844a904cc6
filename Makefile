# The commands of this project. Each needs python3 (3.11 to 3.13), make and git; the first one installs the rest into .venv.
#
#   make data    read data/raw/ into the lake (data/curated/), print a summary
#   make test    everything that must hold: format, lint, types, layers, tests
#   make dev     Dagster's web interface on http://localhost:3000
#   make release build and verify a release of the data (VERSION=2026.11.0; default: the newest in CHANGELOG.md)
#   make bench   the speed budgets
#   make lint    format, lint, types and layers alone
#   make docs    write the generated documents again
#   make lock    resolve the dependencies again (needs uv)
#   make clean   remove what was made; data/raw/ stays

PYTHON ?= python3
PORT ?= 3000
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: data release test dev bench lint docs lock clean
.DEFAULT_GOAL := data

# The stamp is newer than the lock exactly when the environment holds what the lock says.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "fazhi needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is %d.%d. Install one of them and run: make PYTHON=python3.12" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo 'Making .venv failed. On Debian and Ubuntu: apt install python3-venv' >&2; rm -rf .venv; exit 1; }
	@echo 'Installing the pinned dependencies into .venv (about a minute, once)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Dagster's own records: runs, events, partitions. `make data` and `make dev` share them.
.dagster/dagster.yaml:
	@mkdir -p .dagster
	@printf 'telemetry:\n  enabled: false\nnux:\n  enabled: false\n' >$@

data: $(INSTALLED) .dagster/dagster.yaml
	@DAGSTER_HOME='$(CURDIR)/.dagster' $(BIN)/fazhi run

release: data
	@built="$$($(BIN)/fazhi release build $(if $(VERSION),--version $(VERSION)))" && echo "$$built" && $(BIN)/fazhi release verify "$$built"

test: lint
	@$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(INSTALLED)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

dev: $(INSTALLED) .dagster/dagster.yaml
	@DAGSTER_HOME='$(CURDIR)/.dagster' $(BIN)/dagster dev --port $(PORT)

bench: $(INSTALLED) .venv/bench
	@$(BIN)/python -m benchmarks

# Libraries that read numbers too, to measure beside them in one run.
.venv/bench: requirements-bench.lock $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

docs: $(INSTALLED)
	@$(BIN)/python -m schemas.derive
	@$(BIN)/python -m pipeline.coding.book
	@$(BIN)/python -m tests.integration.readme
	@$(BIN)/python -m tests.integration.analysts

# --universal: one lock for every platform and Python version. No address is written into it.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras --no-header --python-version 3.11 \
		--group dev pyproject.toml -o requirements.lock
	grep -E '^[a-zA-Z].*==' requirements.lock | sed 's/ \\$$//' > .venv/constraints.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras --no-header --python-version 3.11 \
		--prerelease allow --group pyproject.toml:bench -c .venv/constraints.txt -o requirements-bench.lock

clean:
	rm -rf .venv .dagster .benchmarks data/curated build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
