# Two commands: `make demo` and `make test`. Each sets everything up in .venv on its first call.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format course docs pictures bench clean

help:
	@echo "make demo    make a release, grade a class, show the results   (sets up $(VENV) first)"
	@echo "make test    lint, types, import rules and every test          (sets up $(VENV) first)"
	@echo "make format  write code and notebooks in their one form"
	@echo "make course  make release/ and solutions/ again from source/"
	@echo "make docs    make docs/checks.md again from the docstrings"
	@echo "make pictures  make the README's pictures from the demo's output"
	@echo "make bench   compare with nbgrader's own autograde"
	@echo "make clean   remove $(VENV) and what the demo wrote"

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "tf-autograder needs Python 3.11 to 3.13; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } || \
	  { echo "Python's venv is missing; on Debian: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY)
	@$(BIN)/python -m demo

test: $(READY) lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format
	$(BIN)/python -m demo.notebooks

course: $(READY)
	$(BIN)/python -m demo.course

docs: $(READY)
	@$(BIN)/python -m demo.checks

pictures: $(READY)
	$(BIN)/python -m demo.pictures

bench: $(READY)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build
