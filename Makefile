# Peer Exchange: `make` prints what there is. Needed: Python 3.11 or newer with venv, make, git.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python that runs and is new enough. A name alone proves nothing: version managers
# leave names that only print an error, so each is tried.
ifeq ($(origin PYTHON),undefined)
PYTHON = $(eval PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done))$(PYTHON)
endif
PORT ?= $(if $(EXCHANGE_PORT),$(EXCHANGE_PORT),8000)
# As many as the machine has processors, four at most: more only wait for the same disk.
JOBS ?= $(shell $(PYTHON) -c "import os; print(min(4, os.cpu_count() or 2))")
TESTS ?= tests
SIZES ?= 1000,10000
CALLS ?= 20000
TRIES ?= 20
SETUPS ?= files,redis,rabbit
SECONDS ?= 600
EXCHANGES ?= 100000
BIN := .venv/bin
UV_VERSION := 0.13.9

# Compiled bytecode starts the three processes three times faster.
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

CATALOGUES := $(wildcard exchange/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
RUN_READY := .venv/.ready-run
TEST_READY := .venv/.ready-test
BROWSER_READY := .venv/.ready-browser
# The Chromium of the machine: CHROMIUM=/path/to/it, or the first of the usual names.
CHROMIUM ?= $(firstword $(wildcard /usr/bin/chromium-headless-shell /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
	/usr/bin/google-chrome-stable /snap/bin/chromium))
BROWSER_TESTS ?= tests/browser

.PHONY: help
help: ## print these targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: install
install: $(RUN_READY) $(COMPILED) ## make the environment from the lock file (.venv/bin/exchange)
	@:

.PHONY: install-test
install-test: $(TEST_READY) $(COMPILED) ## the same, with what the tests need
	@:

.PHONY: run
run: install ## start everything; make run PORT=8123 chooses the port; Ctrl-C stops it
	@EXCHANGE_PORT=$(PORT) exec $(BIN)/exchange up --with-parent

.PHONY: test
test: install-test ## run all tests; TESTS=tests/unit runs a part
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(TESTS)

.PHONY: role-matrix
role-matrix: install-test ## who gets in where: every route, every role; NEW=1 writes the rows of new routes
	$(BIN)/python -m tests.matrix $(if $(NEW),--new)

.PHONY: coverage
coverage: install-test ## the same, and which lines no test runs; it takes nearly twice as long
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term $(TESTS)

.PHONY: test-browser
test-browser: $(BROWSER_READY) $(COMPILED) ## pages and walks in a real browser; MATRIX=full, SHOTS=folder keeps pictures
	@test -n "$(CHROMIUM)" || { echo "No Chromium here: on Debian/Ubuntu apt install chromium fonts-dejavu, or say where it is with make test-browser CHROMIUM=/path" >&2; test -z "$$CI"; }
	@test -z "$(CHROMIUM)" || CHROMIUM="$(CHROMIUM)" MATRIX="$(MATRIX)" SHOTS="$(SHOTS)" \
		$(BIN)/pytest -n $(JOBS) --dist worksteal $(BROWSER_TESTS)

.PHONY: lint
lint: install-test ## ruff, formatting, and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

.PHONY: types
types: install-test ## mypy, strict on workflows, matching and actions
	$(BIN)/mypy

.PHONY: format
format: install-test ## put the code into its usual shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: bench
bench: install-test ## run the benchmarks and print their figures
	$(BIN)/pytest -q -p no:randomly -o "python_files=bench_*.py" -s tests/benchmarks

.PHONY: bench-matching
bench-matching: install-test ## the matcher beside its peers, in one table; SIZES=100000 LARGE=--large takes longer
	$(BIN)/python -m tests.benchmarks.matching --size $(SIZES) $(LARGE)

.PHONY: faults
faults: install-test ## kill, fill, cut and crowd, and print what came of it; TRIES=20 ONLY=worker,web SETUPS=files,redis,rabbit
	@$(BIN)/python -m tests.faults --tries $(TRIES) --only "$(ONLY)" --setups "$(SETUPS)"

.PHONY: load
load: install-test ## ten pages under load with many exchanges, and the memory meanwhile; SECONDS=600 EXCHANGES=100000
	@$(BIN)/python -m tests.faults.load --seconds $(SECONDS) --exchanges $(EXCHANGES)

.PHONY: fuzz
fuzz: install-test ## call every operation, page and form oddly and print what came of it; CALLS=20000
	$(BIN)/python -m tests.fuzz --calls $(CALLS)

.PHONY: sbom
sbom: install-test ## what is inside, as CycloneDX: build/sbom.json, from the lock
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json requirements.txt

.PHONY: audit
audit: install-test ## known faults of what is inside (pip-audit), and of our own code (bandit)
	$(BIN)/python -m tests.audit
	$(BIN)/bandit -q -r -c pyproject.toml --severity-level medium exchange tasks workflows

.PHONY: migrations-check
migrations-check: install-test ## do the migrations make what the models say?
	@rm -rf build/migrations && mkdir -p build/migrations
	@EXCHANGE_VAR=build/migrations $(BIN)/exchange db upgrade && EXCHANGE_VAR=build/migrations $(BIN)/exchange db check

.PHONY: translations
translations: install-test ## collect the texts of the code into the catalogues of each language
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k _l --sort-by-file --no-location \
		--project="Peer Exchange" --version=0.1 -o build/messages.pot .
	@for catalogue in $(CATALOGUES); do \
		language=$$(basename $$(dirname $$(dirname $$catalogue))); \
		$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -l $$language -i build/messages.pot -o $$catalogue || exit 1; \
	done

.PHONY: lock
lock: .bootstrap/uv ## renew uv.lock and requirements.txt after a change of pyproject.toml
	UV_DEFAULT_INDEX=https://pypi.org/simple .bootstrap/uv lock
	.bootstrap/uv export -q --frozen --no-dev --no-emit-project --no-header -o requirements.txt

.PHONY: clean
clean: ## remove what was built; the data in var/ stays
	rm -rf .venv .bootstrap build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -f $(COMPILED)
	find exchange workflows tasks tests migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ---- how the environment is made -------------------------------------------------------------

$(COMPILED): %.mo: %.po | $(RUN_READY)
	@$(BIN)/pybabel -q compile -i $< -o $@

# Two stamps, so that the second `make run` starts at once. What the tests need is never taken
# away again by `make run` (--inexact).
$(RUN_READY): pyproject.toml uv.lock requirements.txt
	@$(MAKE) -s check-machine .bootstrap/uv
	@echo "Making the environment in .venv (once; some 20 seconds)"
	@if test -x .bootstrap/uv && UV_PYTHON="$(PYTHON)" .bootstrap/uv sync -q --frozen --no-dev --inexact; then :; \
	else echo "uv cannot make the environment here: using pip, which takes longer"; $(MAKE) install-with-pip; fi
	@touch $@

$(TEST_READY): pyproject.toml uv.lock requirements.txt
	@$(MAKE) -s check-machine .bootstrap/uv
	@test -x .bootstrap/uv || { echo "The tests need uv, and it could not be installed." >&2; exit 2; }
	@echo "Making the environment for the tests in .venv (once; some 30 seconds)"
	@UV_PYTHON="$(PYTHON)" .bootstrap/uv sync -q --frozen --inexact
	@touch $(RUN_READY) $@

$(BROWSER_READY): $(TEST_READY)
	@UV_PYTHON="$(PYTHON)" .bootstrap/uv sync -q --frozen --inexact --group browser
	@touch $@

# The uv of the machine when it has a recent one, else ours, in a folder of its own. Without
# either the recipe still succeeds, and the environment is made with pip.
.bootstrap/uv:
	@mkdir -p .bootstrap
	@if uv --version 2>/dev/null | grep -Eq '^uv (0\.([89]|[1-9][0-9])|[1-9])'; then ln -sf "$$(command -v uv)" $@; \
	else { $(PYTHON) -m venv .bootstrap/venv && .bootstrap/venv/bin/python -m pip install -q uv==$(UV_VERSION) 2>.bootstrap/pip.log \
		&& ln -sf venv/bin/uv $@; } || { cat .bootstrap/pip.log; echo "uv could not be installed"; }; fi

.PHONY: install-with-pip
install-with-pip:
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.txt
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "peer_exchange.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@printf '#!%s/.venv/bin/python\nfrom exchange.cli import main\n\nmain()\n' "$$PWD" > $(BIN)/exchange
	@chmod +x $(BIN)/exchange

.PHONY: check-machine
check-machine:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found: install it, or say where it is with make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "$(PYTHON) does not run or is older than Python 3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian/Ubuntu apt install python3-venv" >&2; exit 2; }
	@test -w . || { echo "This folder cannot be written to: $$PWD" >&2; exit 2; }
