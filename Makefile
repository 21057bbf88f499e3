# Two commands do everything: `make run` and `make test`.
PORT ?= 8380
SHELL := /bin/bash
STAMPS := .venv/.installed engine/.venv/.installed

.PHONY: run test install lint check train clean-models docs-images bench faults

run: install
	@TACTFUL_PORT=$(PORT) .venv/bin/tactful up

install: $(STAMPS)

# Both environments exactly as locked, hashes checked. The stamp keeps a second start from asking again.
.venv/.installed: pyproject.toml uv.lock
	@scripts/install tactful

engine/.venv/.installed: engine/pyproject.toml engine/uv.lock
	@scripts/install engine

train: install
	@.venv/bin/tactful train

lint: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

test: install
	@scripts/test
