# `make help` lists what there is. Everything is installed into .venv, from requirements/lock.txt.

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
READY := .venv/.ready
OUT ?= .
PROTOS = $(shell cd proto && find tzurot -name '*.proto' | sort)
SERVICES = $(filter %_service.proto,$(PROTOS))
PROTOC = $(BIN)/python -m grpc_tools.protoc -Iproto -Iproto/vendor
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Compiled code is kept, whatever the shell says: each start takes a second less.
export PYTHONDONTWRITEBYTECODE :=
export NO_PROXY := $(NO_PROXY),127.0.0.1,localhost

.PHONY: help chat up test lint fmt proto migration bench docs lock
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

chat: $(READY) ## Talk to a character that remembers (ARGS=--resume goes on with the last conversation)
	@$(BIN)/tzurot-server run $(BIN)/tzurot chat $(ARGS)

up: $(READY) ## Run the server until Ctrl-C, with an embedded Postgres unless TZUROT_DATABASE_URL is set
	@$(BIN)/tzurot-server serve

test: $(READY) ## Run all tests (ARGS="tests/memory -k recall" for some)
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: $(READY) ## Check style, types, layers, contracts and generated code; silent when all is well
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check . && $(BIN)/python -m tests.lint

fmt: $(READY) ## Format Python and protos
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q . && $(BIN)/buf format -w

proto: $(READY) ## Generate code from the contracts (OUT=folder for elsewhere)
	@rm -rf $(OUT)/server/tzurot/*/v1 $(OUT)/server/buf $(OUT)/clients/python/tzurot_client/gen
	@mkdir -p $(OUT)/server $(OUT)/clients/python/tzurot_client/gen
	@$(PROTOC) --python_out=$(OUT)/server --pyi_out=$(OUT)/server $(PROTOS) buf/validate/validate.proto
	@$(PROTOC) --grpc_python_out=$(OUT)/server $(SERVICES)
	@find $(OUT)/server/buf $(OUT)/server/tzurot/*/v1 -type d -exec touch {}/__init__.py \; && buf generate -o $(OUT) 2>/dev/null

migration: $(READY) ## Write the next migration from the tables (NAME=what_it_does)
	@$(BIN)/python -m tests.migration "$(NAME)"

bench: $(READY) ## Measure what a turn costs (recall: see docs/reference/benchmarks.md)
	@$(BIN)/python -m benchmarks.turn_overhead

docs: $(READY) ## Write docs/reference from the contracts and settings, and the pictures
	@$(BIN)/python -m docs.generate

lock: .tools/.ready ## Resolve the dependencies anew
	@$(UV) pip compile -q --universal --python-version 3.11 --all-extras --generate-hashes --no-header --no-annotate --overrides requirements/overrides.txt pyproject.toml requirements/local-model.in -o requirements/lock.txt

.tools/.ready:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Tzurot needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .tools && .tools/bin/pip install -q --disable-pip-version-check uv==0.13.9 && touch $@

$(READY): .tools/.ready requirements/lock.txt pyproject.toml
	@test -x $(BIN)/python || $(UV) venv -q --no-python-downloads --python $(PYTHON) .venv
	@echo "Installing what requirements/lock.txt names …" >&2
	@$(UV) pip sync --no-build --require-hashes --python $(BIN)/python requirements/lock.txt
	@$(UV) pip install -q --no-deps --no-build-isolation --python $(BIN)/python -e . && touch $@
