.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

# The first Python >= 3.11 that can make a virtual environment; PYTHON=... chooses another.
find_python = for name in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo "$$name"; exit 0; fi; done; \
	echo 'error: no Python >= 3.11 that can make a virtual environment was found' >&2; \
	echo 'hint: install one (Debian: apt-get install python3-venv) or name it: make setup PYTHON=/path/to/python3' >&2; \
	exit 1

.PHONY: help setup
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.runtime ## Make .venv with the pinned requirements and orouter itself

$(VENV)/.runtime: requirements.txt pyproject.toml
	@python="$$($(find_python))"; echo "Setting up $(VENV) ($$("$$python" --version))"; \
	test -x $(BIN)/python || "$$python" -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo 'Installing the development requirements'
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
