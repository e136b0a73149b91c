# `make run` and `make test` need Python 3.11 or newer, make and git; everything else they fetch by lock file.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test prove chaos check bench requirements lock assets screenshots servers clean clean-data

VENV := .venv
BIN := $(VENV)/bin
# Inside the environment that they speak of, so that they vanish with it.
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-compile --require-hashes
TESTS := tests
# One more than two cores: a journey waits for its browser, a killed worker for the next one.
WORKERS := 3
CHROMIUM ?= $(shell command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome)
export CHROMIUM

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: build/collected/staticfiles.json ## start the Hub with its demo world; PORT=8000 DATA_DIR=var; Ctrl-C stops it
	@LOG_FORMAT=$${LOG_FORMAT:-console} exec $(BIN)/python manage.py up --end-with-parent

test: check ## all checks and all tests but the long forms of proofs, on servers of their own
	@DJANGO_SETTINGS_MODULE=safeguarding.settings.test exec $(BIN)/python manage.py with_servers \
	  sh scripts/run_tests.sh -n $(WORKERS) $(TESTS)

prove: check ## make test, and the long form of every proof (docs/proofs.md); takes an hour or more
	@DJANGO_SETTINGS_MODULE=safeguarding.settings.test PROVE=1 exec $(BIN)/python manage.py with_servers \
	  sh scripts/run_tests.sh -n $(WORKERS) $(TESTS)

check: build/collected/staticfiles.json $(STAMPS)/dev ## the checks alone: style, types, imports, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@DJANGO_SETTINGS_MODULE=safeguarding.settings.test $(BIN)/python -W ignore::RuntimeWarning manage.py \
	  makemigrations --check --dry-run

chaos: build/collected/staticfiles.json $(STAMPS)/dev ## kill -9 of every part while 2,000 alerts go out; CHAOS_ALERTS=60 for a look
	@DJANGO_SETTINGS_MODULE=safeguarding.settings.test exec $(BIN)/python -m pytest -s -m prove tests/chaos

bench: build/collected/staticfiles.json ## what walls, keys and memory cost, against limits of the same run, on a PostgreSQL of its own
	@exec $(BIN)/python -m bench

requirements: | $(BIN)/python ## every rule with the tests that prove it; fails when one in scope has none
	@$(BIN)/python scripts/requirements.py

servers: $(STAMPS)/dev ## PostgreSQL and Redis for the tests, until Ctrl-C; pytest in another window finds them
	@DJANGO_SETTINGS_MODULE=safeguarding.settings.test exec $(BIN)/python manage.py with_servers sleep infinity

lock: $(STAMPS)/dev ## write the lock files anew from requirements*.in
	$(BIN)/python scripts/lock.py

screenshots: build/collected/staticfiles.json $(STAMPS)/dev ## the pictures of the README anew
	@DJANGO_SETTINGS_MODULE=safeguarding.settings.test exec $(BIN)/python manage.py with_servers \
	  $(BIN)/python -m tests.functional.screenshots

assets: build/static/built ## stylesheets and scripts out of the two npm packages

clean: ## remove what was built; keeps the data under var/
	rm -rf $(VENV) node_modules build var/test .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

clean-data: ## remove the demo world and its servers' files
	@if [ -x $(BIN)/python ]; then $(BIN)/python manage.py forget_data; else rm -rf var; fi

# ---------------------------------------------------------------- what has to be there first
$(BIN)/python:
	@python=$$(sh scripts/find_python.sh) && echo "Making $(VENV) with $$($$python --version) …" && $$python -m venv $(VENV)

$(STAMPS)/runtime: requirements.lock requirements-local.lock | $(BIN)/python
	@echo "Installing what the Hub runs on …"
	@$(PIP) -r requirements.lock -r requirements-local.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/runtime
	@echo "Installing what the tests need besides …"
	@$(PIP) -r requirements-dev.lock
	@touch $@

# The .in files belong to the lock files; `make` must not think that it can make the one from the other.
requirements.lock requirements-local.lock requirements-dev.lock requirements-node.lock package-lock.json:

node_modules/.package-lock.json: package-lock.json requirements-node.lock $(STAMPS)/runtime
	@command -v npm >/dev/null || { echo "No npm here; fetching one into $(VENV) …" && $(PIP) -r requirements-node.lock; }
	@echo "Fetching the stylesheets …"
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --omit=peer --loglevel=error
	@touch $@

build/static/built: node_modules/.package-lock.json scripts/build_assets.py
	@$(BIN)/python scripts/build_assets.py
	@touch $@

OWN_STATIC := $(shell find safeguarding agreements alerts -path '*/static/*' -type f 2>/dev/null)

build/collected/staticfiles.json: build/static/built $(OWN_STATIC) $(STAMPS)/runtime
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0 --ignore built
	@touch $@
