# Two commands do everything: `make run` and `make test`.
PORT ?= 8380
SHELL := /bin/bash
STAMPS := .venv/.installed engine/.venv/.installed

.PHONY: run test install lint train docs-images ner gazetteer bench faults fuzz audit

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

# The picture of the widget in the README.
docs-images: install
	.venv/bin/python docs/images/make.py

# The detector's named-entity model anew: about 10 minutes on one core. What it is and how good: docs/detector.md.
ner: install
	@scripts/install ner
	.venv/bin/python -W ignore -m ner.train

# The engine's list of cities and airports anew, from public lists: half a minute. Where from: gazetteer/SOURCES.md
gazetteer: install
	@scripts/install gazetteer
	.venv/bin/python -W ignore -m gazetteer.make

# Figures beside rasa init's bot: half an hour and nothing else running.
bench: install
	.venv/bin/python benchmarks/replay.py

# Faults in earnest: a thousand kills and the rest, half an hour. What is tried and why: docs/faults.md.
faults: install
	TACTFUL_FAULTS_LONG=1 .venv/bin/python -m pytest tests/faults -s

# 10,000 requests to the API that nobody would mean, other ones each time: three to ten minutes. What is tried: docs/security.md.
fuzz: install
	TACTFUL_FUZZ_REQUESTS=10000 .venv/bin/python -m pytest tests/security/test_v2_2_1_fuzz.py

# Known vulnerabilities in both environments.
audit: install
	.venv/bin/python scripts/audit.py

test: install
	@scripts/test
