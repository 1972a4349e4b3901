# What is done more than once. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
TL3 := .venv-tl3
TL2 := .venv-tl2
OLDEST := .venv-oldest
NEWEST := .venv-newest
SITE := .venv-site
HOSTS := .venv-hosts
CIRCUITSVIS1 := .venv-circuitsvis1
PY := $(VENV)/bin/python
PIP := -m pip --disable-pip-version-check --quiet
FIND_PYTHON := $(PYTHON) -m scripts.tools.find_python
FIND_BROWSER := $(PY) -m scripts.tools.find_browser
# Those that read numbers back, use keys and the mouse, or look at what differs between browsers, one of each kind of view.
FIREFOX := values keyboard interaction ranges lines_numbers attribution colored_tokens token_log_probs logit_lens focus arriving still
# What depends on TransformerLens. The other tests run on its newest version only.
OF_MODELS := $(addprefix tests/,alignment attention attribution cache comparison families heads lens lines package patching)
OTHERS := $(addsuffix /.installed,$(TL3) $(TL2) $(OLDEST) $(NEWEST) $(CIRCUITSVIS1) $(SITE) $(HOSTS))
NODE := $(PY) -m scripts.tools.with_node
BUNDLE := python/circuitsvis/static/loader.js
GENERATED := frontend/fixtures/generated/.written
SOURCES := $(shell find frontend/src -type f) build.mjs svelte.config.js package-lock.json

.DEFAULT_GOAL := help
.PHONY: help setup environments demo dev build contract fixtures families screenshots generated docs fix check check-python check-frontend \
	test test-fast e2e stress test-browsers test-install test-oldest test-newest test-tl3 test-tl2 test-circuitsvis1 test-hosts test-docs \
	bench wheel clean

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

setup: $(VENV)/.dev node_modules/.installed $(GENERATED) ## Install the package, TransformerLens 4 and all development tools (.venv, node_modules)

environments: setup $(OTHERS) ## Install what all the test targets need; with --jobs=2, two environments at a time

demo: $(VENV)/.runtime $(BUNDLE) ## Write a page with every view of the demo model (out/demo.html)
	@mkdir -p out
	$(PY) -m circuitsvis demo --out out/demo.html

dev: node_modules/.installed $(GENERATED) ## Serve the gallery of all fixtures, reloaded as the front end changes
	$(NODE) npm run dev

build: $(BUNDLE) ## Compile the front end into the package if its sources have changed

fixtures: $(VENV)/.runtime ## Write the fixtures (frontend/fixtures)
	$(PY) -m scripts.fixtures

contract: $(VENV)/.runtime ## Write frontend/src/props from python/circuitsvis/_wire/props
	$(PY) -m scripts.contract

families: $(VENV)/.dev $(TL3)/.installed ## Write docs/families.md: for every model family, what is shown and how precisely
	$(PY) -m tests.families.test_families
	$(TL3)/bin/python -m tests.families.test_families

screenshots: $(VENV)/.dev $(BUNDLE) ## Take the screenshots of the README (docs/*.png)
	$(FIND_BROWSER)
	$(PY) -m scripts.tools.screenshots

generated: contract fixtures families screenshots ## Write every committed file that is generated, but the demo model

docs: $(VENV)/.dev $(SITE)/.installed $(BUNDLE) ## Build the documentation site (out/docs/index.html; works offline)
	$(PY) -m scripts.docs
	NO_MKDOCS_2_WARNING=1 $(SITE)/bin/mkdocs build --quiet -f out/mkdocs.yml

fix: $(VENV)/.dev node_modules/.installed ## Format both sides in place, and fix what the linters can fix
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(NODE) npm run format
	$(NODE) npm run lint -- --fix

check: $(VENV)/.dev node_modules/.installed ## Check formatting, lint rules and types of both sides
	@$(MAKE) --jobs=2 --output-sync check-python check-frontend

check-python: $(VENV)/.dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

check-frontend: $(VENV)/.dev node_modules/.installed
	$(NODE) npm run format:check
	$(NODE) npm run lint
	$(NODE) npm run check

test: check $(BUNDLE) $(GENERATED) ## All checks and all tests; installs what they need, a browser included
	$(NODE) npm test
	$(FIND_BROWSER)
	$(PY) -m pytest -n 2 tests e2e

# Leaves out sweeps over all model families and over all sentences of the demo model.
test-fast: $(VENV)/.dev $(BUNDLE) node_modules/.installed $(GENERATED) ## The tests without a browser, and without the slow ones: two minutes
	$(NODE) npm test
	$(PY) -m pytest -n 2 -m 'not slow' tests

stress: $(VENV)/.dev $(BUNDLE) ## All tests ten times while every core is busy, to find unreliable ones (hours)
	$(FIND_BROWSER)
	$(PY) -m scripts.tools.stress

e2e: $(VENV)/.dev $(BUNDLE) ## The browser tests
	$(FIND_BROWSER)
	$(PY) -m pytest -n 2 e2e

test-browsers: $(VENV)/.dev $(BUNDLE) $(GENERATED) ## Tests of values, keys and pictures in Firefox, and a smoke suite in WebKitGTK
	$(FIND_BROWSER) --all
	$(PY) -m pytest -n 2 --firefox $(addprefix e2e/test_,$(addsuffix .py,$(FIREFOX)))
	$(PY) -m pytest e2e/webkit

test-install: $(VENV)/.dev $(BUNDLE) ## Install the wheel and the source archive into empty environments, and use them
	$(PY) -m scripts.tools.check_install

test-oldest: $(OLDEST)/.installed $(BUNDLE) ## The tests that need no torch on the oldest supported versions (Python 3.10 if it is here)
	$(OLDEST)/bin/python --version
	$(OLDEST)/bin/python -m pytest -n 2 tests

test-newest: $(NEWEST)/.installed $(BUNDLE) ## The tests that need no torch on the newest Python that is here
	@test ! -x $(NEWEST)/bin/python || { set -x; $(NEWEST)/bin/python --version; $(NEWEST)/bin/python -m pytest -n 2 tests; }

test-tl3: $(TL3)/.installed $(BUNDLE) ## The tests of caches and models on TransformerLens 3.9 (HookedTransformer and bridge)
	$(TL3)/bin/python -m pytest -n 2 $(OF_MODELS)

test-tl2: $(TL2)/.installed $(BUNDLE) ## The tests of caches and models on TransformerLens 2.18 (HookedTransformer)
	$(TL2)/bin/python -m pytest -n 2 $(OF_MODELS)

test-circuitsvis1: $(CIRCUITSVIS1)/.installed $(BUNDLE) ## Compare functions and pages with those of circuitsvis 1.43.3
	$(PY) -m pytest tests/circuitsvis1

test-hosts: $(HOSTS)/.installed $(VENV)/.dev $(BUNDLE) ## The browser tests in notebooks and apps as they are installed (.venv-hosts)
	$(FIND_BROWSER)
	$(PY) -m pytest -n 2 --dist loadgroup tests/hosts

test-docs: docs ## Build the documentation site, and check its links, its figures and that it needs no network
	$(FIND_BROWSER)
	$(PY) -m pytest tests/docs

bench: $(VENV)/.dev $(BUNDLE) ## Measure speed and size, and those of circuitsvis 1.43.3, bertviz and inspectus (out/bench)
	$(FIND_BROWSER)
	$(PY) -m benchmarks
	$(PY) -m benchmarks --drop-in

wheel: $(VENV)/.dev $(BUNDLE) ## Build the source archive and the wheel (dist)
	$(PY) -m build

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) $(TL3) $(TL2) $(OLDEST) $(NEWEST) $(CIRCUITSVIS1) $(SITE) $(HOSTS) .venv-bench node_modules python/circuitsvis/static frontend/fixtures/generated dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Two stamps, because `make demo` need not wait for the test tools.
$(VENV)/.runtime: pyproject.toml constraints.txt hatch_build.py
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) $(PIP) install -c constraints.txt -e '.[transformer-lens]' 'transformer_lens==4.3.0'
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PY) $(PIP) install -c constraints.txt -e '.[transformer-lens,dev]'
	touch $@

# Each waits for the bundle, because each would compile it otherwise, and two at once would write the same files.
$(TL3)/.installed: pyproject.toml constraints.txt hatch_build.py | $(BUNDLE)
	test -x $(TL3)/bin/python || $(PYTHON) -m venv $(TL3)
	$(TL3)/bin/python $(PIP) install -c constraints.txt -e '.[transformer-lens]' 'transformer_lens==3.9.0' \
		pytest pytest-xdist hypothesis build hatchling
	touch $@

# Without constraints.txt, because TransformerLens 2 needs older libraries than it pins.
$(TL2)/.installed: pyproject.toml hatch_build.py | $(BUNDLE)
	test -x $(TL2)/bin/python || $(PYTHON) -m venv $(TL2)
	$(TL2)/bin/python $(PIP) install -e '.[transformer-lens]' 'transformer_lens==2.18.0' 'torch==2.13.0' 'numpy==1.26.4' \
		'transformers==4.57.6' 'datasets==4.0.0' 'pyarrow<20' pytest pytest-xdist hypothesis build hatchling
	touch $@

# Without torch, of which pip may find only builds of several gigabytes for these Pythons.
$(OLDEST)/.installed: pyproject.toml constraints-oldest.txt hatch_build.py | $(BUNDLE)
	test -x $(OLDEST)/bin/python || { python=$$($(FIND_PYTHON) 3.10); \
		test -n "$$python" || echo 'Python 3.10 is not here: testing the oldest libraries on $(PYTHON)'; \
		$${python:-$(PYTHON)} -m venv $(OLDEST); }
	$(OLDEST)/bin/python $(PIP) install -c constraints-oldest.txt -e . pytest pytest-xdist hypothesis
	touch $@

$(NEWEST)/.installed: pyproject.toml hatch_build.py | $(BUNDLE)
	@mkdir -p $(NEWEST)
	test -x $(NEWEST)/bin/python || { python=$$($(FIND_PYTHON) 3.14 3.13 3.12); \
		if test -n "$$python"; then $$python -m venv $(NEWEST); \
		else echo 'Python 3.12, 3.13 and 3.14 are not here: skipped the tests on a newer Python'; fi; }
	test ! -x $(NEWEST)/bin/python || $(NEWEST)/bin/python $(PIP) install -e . pytest pytest-xdist hypothesis
	test ! -x $(NEWEST)/bin/python || touch $@

# A folder, not an environment: it is put before this package on the path of .venv's Python, which has numpy and torch.
$(CIRCUITSVIS1)/.installed: tests/circuitsvis1/requirements.txt $(VENV)/.dev
	rm -rf $(CIRCUITSVIS1)
	$(PY) $(PIP) install --no-deps --target $(CIRCUITSVIS1) -r tests/circuitsvis1/requirements.txt
	touch $@

# Without numpy and torch: mkdocstrings reads the sources of the package, and the figures are made in .venv.
$(SITE)/.installed: docs/site/requirements.txt $(VENV)/.runtime
	test -x $(SITE)/bin/python || $(PY) -m venv $(SITE)
	$(SITE)/bin/python $(PIP) install -r docs/site/requirements.txt
	touch $@

# circuitsvis itself is not installed there: processes of the hosts find this checkout by PYTHONPATH.
$(HOSTS)/.installed: tests/hosts/requirements.txt
	test -x $(HOSTS)/bin/python || $(PYTHON) -m venv $(HOSTS)
	$(HOSTS)/bin/python $(PIP) install -r tests/hosts/requirements.txt
	touch $@

# The build hook compiles only if a source is newer than the bundle, with the Node on PATH or else the one from PyPI.
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
