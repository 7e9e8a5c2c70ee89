.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

LOCK := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url pyproject.toml

# The first Python >= 3.11 that can make a virtual environment; PYTHON=... is tried before them.
find_python = for name in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo "$$name"; exit 0; fi; done; \
	echo 'error: no Python >= 3.11 that can make a virtual environment was found' >&2; \
	echo 'hint: install one (Debian: apt-get install python3-venv), or name it: PYTHON=/path/to/python3' >&2; \
	exit 1

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.runtime ## Make .venv with the pinned requirements and orouter itself
	@:

.PHONY: run
run: $(VENV)/.runtime ## Set up, then start a gateway that works without any account
	@$(MAKE) ui || echo 'The admin UI was not built: see above. Everything else works without it.'
	@trap : INT; status=0; $(BIN)/orouter quickstart || status=$$?; \
	if [ "$$status" != 130 ]; then exit "$$status"; fi

.PHONY: ui
ui: $(VENV)/.ui ## Build the admin UI into orouter/admin_static (needs Node.js with npm)
	@:

.PHONY: test
test: $(VENV)/.dev $(VENV)/.ui ## Run the whole suite; the last lines say what ran on which database
	@status=0; $(BIN)/python -m pytest -q || status=$$?; $(MAKE) .ui-test || status=$$?; exit $$status

.PHONY: check
check: $(VENV)/.dev ## Lint, types, layers and the rules of the house
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --check --quiet . || { echo 'hint: make format' >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary orouter
	@layers="$$($(BIN)/lint-imports --no-logo 2>&1)" || { echo "$$layers"; exit 1; }
	@$(BIN)/python -m pytest -q --no-header tests/house
	@echo 'ruff, mypy --strict, import-linter and the house tests are content'
	@$(MAKE) .ui-check

.PHONY: format
format: $(VENV)/.dev ## Format the code, and mend what ruff can mend
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

.PHONY: bench
bench: $(VENV)/.dev ## Run every benchmark; tables here, JSON in benchmarks/out/
	@for script in benchmarks/*.py; do $(BIN)/python -m "benchmarks.$$(basename "$$script" .py)"; done

.PHONY: services
services: ## Start throw-away MariaDB, PostgreSQL and Redis; print the variables for the tests
	@.ci/services start

.PHONY: catalogue
catalogue: $(VENV)/.dev ## Take new models and prices from genai-prices into the shipped catalogue
	@$(BIN)/python scripts/make_catalogue.py

.PHONY: image
image: ## Build the image and see it serve; without an engine the Dockerfile's steps one by one
	@python3 scripts/try_image.py

.PHONY: audit
audit: $(VENV)/.dev ## Licences, and known vulnerabilities as far as their databases can be reached
	@$(BIN)/python scripts/supply_chain.py audit

.PHONY: sbom
sbom: $(VENV)/.dev ## Write build/sbom.cdx.json: every part, as CycloneDX
	@$(BIN)/python scripts/supply_chain.py sbom

.PHONY: wheel
wheel: $(VENV)/.dev $(VENV)/.ui ## Build dist/orouter-*.whl with the UI; the same bytes from the same commit
	@SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct)" $(BIN)/python -m hatchling build -t wheel

.PHONY: lock
lock: $(VENV)/.dev ## Pin the newest allowed requirements, for Python 3.11 and later
	@$(LOCK) -o requirements.txt
	@$(LOCK) --group dev --constraints requirements.txt -o requirements-dev.txt

.PHONY: clean
clean: ## Remove what was built, and stop the throw-away servers; data/ and logs/ stay
	@.ci/services stop
	@rm -rf $(VENV) build dist benchmarks/out orouter/admin_static \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# A stamp is written last: what was interrupted is done again.
$(VENV)/.python:
	@python="$$($(find_python))"; echo "Setting up $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.txt pyproject.toml
	@echo 'Installing the requirements'
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo 'Installing the development requirements'
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

UI := admin-frontend
UI_MODULES := $(UI)/node_modules/.package-lock.json
# Vite needs a Node.js of 20.19 or later; Debian 12 brings 18.
NODE_IS_NEW := const [major, minor] = process.versions.node.split(".").map(Number); \
	process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)
NPM := $(shell node -e '$(NODE_IS_NEW)' 2>/dev/null && command -v npm)

ifeq ($(NPM),)
.PHONY: $(VENV)/.ui .ui-check .ui-test
$(VENV)/.ui:
	@echo 'The admin UI was not built: there is no Node.js >= 20.19 with npm'
.ui-check .ui-test:
	@echo 'admin UI: left out (there is no Node.js >= 20.19 with npm)'
else
$(UI_MODULES): $(UI)/package-lock.json
	@echo 'Installing the requirements of the admin UI'
	@cd $(UI); npm ci --silent --ignore-scripts; touch node_modules/.package-lock.json

$(VENV)/.ui: $(VENV)/.runtime $(UI_MODULES) $(shell git ls-files $(UI) 2>/dev/null)
	@echo 'Building the admin UI'; cd $(UI); npm run --silent build
	@touch $@

.PHONY: .ui-check
ifeq ($(wildcard $(UI_MODULES)),)
.ui-check:
	@echo 'admin UI: not checked (make ui installs what that needs)'
else
.ui-check: $(VENV)/.ui
	@cd $(UI); npm run --silent generate -- --check; npm run --silent types; npm run --silent budgets
	@echo 'admin UI: vue-tsc, the generated client and the budgets are content'
endif

.PHONY: .ui-test
.ui-test: $(UI_MODULES)
	@cd $(UI); npm run --silent test; npm run --silent e2e
endif
