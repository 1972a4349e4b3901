# Targets for everything that is needed twice. `make help` lists them.
PYTHON ?= python3
VENV := .venv
TL3 := .venv-tl3
TL2 := .venv-tl2
PY := $(VENV)/bin/python
PIP := -m pip --disable-pip-version-check --quiet
NODE := $(PY) -m scripts.tools.with_node
BUNDLE := python/circuitsvis/static/circuitsvis.js
GENERATED := frontend/fixtures/generated/.written
SOURCES := $(shell find frontend/src -type f) vite.config.mjs svelte.config.js package-lock.json

.DEFAULT_GOAL := help
.PHONY: help setup demo dev build contract fixtures families check test stress e2e test-tl3 test-tl2 bench screenshots wheel clean

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: $(VENV)/.dev node_modules/.installed $(GENERATED) ## Make .venv with the package, TransformerLens 4 and all development tools

demo: $(VENV)/.runtime $(BUNDLE) ## Show the demo model's attention on one page (out/demo.html)
	@mkdir -p out
	$(PY) -m circuitsvis demo --out out/demo.html

dev: node_modules/.installed $(GENERATED) ## Serve the gallery of all views with hot reload
	$(NODE) npm run dev

build: $(BUNDLE) ## Compile the front end into the package

fixtures: $(VENV)/.runtime ## Write frontend/fixtures from scripts/fixtures
	$(PY) -m scripts.fixtures

contract: $(VENV)/.runtime ## Write frontend/src/props from python/circuitsvis/_wire/props
	$(PY) -m scripts.contract

families: $(VENV)/.dev $(TL3)/.installed ## Write docs/families.md: what is shown of every model family, against float64 truth
	$(PY) -m tests.families.test_families
	$(TL3)/bin/python -m tests.families.test_families

check: $(VENV)/.dev node_modules/.installed ## Formatting, linting and types of both sides
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(NODE) npm run format:check
	$(NODE) npm run lint
	$(NODE) npm run check

test: check $(BUNDLE) $(GENERATED) ## All checks and all tests, browser included; brings what it needs
	$(NODE) npm test
	$(PY) -m scripts.tools.find_browser
	$(PY) -m pytest -n 2 tests e2e

stress: $(VENV)/.dev $(BUNDLE) ## All tests ten times with every core busy: which fail, and how often (hours)
	$(PY) -m scripts.tools.find_browser
	$(PY) -m scripts.tools.stress

e2e: $(VENV)/.dev $(BUNDLE) ## Only the browser tests
	$(PY) -m scripts.tools.find_browser
	$(PY) -m pytest -n 2 e2e

test-tl3: $(TL3)/.installed $(BUNDLE) ## The Python tests on TransformerLens 3.9 (HookedTransformer and bridge)
	$(TL3)/bin/python -m pytest -n 2 tests

test-tl2: $(TL2)/.installed $(BUNDLE) ## The Python tests on TransformerLens 2.18 (HookedTransformer)
	$(TL2)/bin/python -m pytest -n 2 tests

bench: $(VENV)/.dev $(BUNDLE) ## Speed and size beside circuitsvis 1.43.3, bertviz and inspectus, in one run (out/bench)
	$(PY) -m scripts.tools.find_browser
	$(PY) -m benchmarks

screenshots: $(VENV)/.dev $(BUNDLE) ## Take the README's pictures (docs)
	$(PY) -m scripts.tools.find_browser
	$(PY) -m scripts.tools.screenshots

wheel: $(VENV)/.dev $(BUNDLE) ## Build sdist and wheel into dist
	$(PY) -m build

clean: ## Remove everything that was built or installed
	rm -rf $(VENV) $(TL3) $(TL2) .venv-bench node_modules python/circuitsvis/static dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp for what runs, one more for what tests: `make demo` need not wait for the test tools.
$(VENV)/.runtime: pyproject.toml constraints.txt hatch_build.py
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) $(PIP) install -c constraints.txt -e '.[transformer-lens]' 'transformer_lens==4.3.0'
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PY) $(PIP) install -c constraints.txt -e '.[transformer-lens,dev]'
	touch $@

$(TL3)/.installed: pyproject.toml constraints.txt hatch_build.py
	test -x $(TL3)/bin/python || $(PYTHON) -m venv $(TL3)
	$(TL3)/bin/python $(PIP) install -c constraints.txt -e '.[transformer-lens]' 'transformer_lens==3.9.0' \
		pytest pytest-xdist hypothesis build hatchling
	touch $@

# Without constraints.txt: TransformerLens 2 wants older libraries, of which pip must be told these.
$(TL2)/.installed: pyproject.toml hatch_build.py
	test -x $(TL2)/bin/python || $(PYTHON) -m venv $(TL2)
	$(TL2)/bin/python $(PIP) install -e '.[transformer-lens]' 'transformer_lens==2.18.0' 'torch==2.13.0' 'numpy==1.26.4' \
		'transformers==4.57.6' 'datasets==4.0.0' 'pyarrow<20' pytest pytest-xdist hypothesis build hatchling
	touch $@

# The hook builds only what is stale, with the Node on PATH or the one from PyPI.
$(BUNDLE): $(SOURCES) $(VENV)/.runtime
	$(PY) $(PIP) install -c constraints.txt --no-deps -e .
	touch $@

# Fixtures that are too large to commit. Tests in Python write them on demand; vitest and the gallery read them from here.
$(GENERATED): $(shell find python/circuitsvis scripts/fixtures -name '*.py') $(VENV)/.runtime
	$(PY) -m scripts.fixtures --generated
	touch $@

node_modules/.installed: package-lock.json $(VENV)/.runtime
	$(NODE) npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	touch $@
