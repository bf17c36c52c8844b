# On a bare machine with git, make and python3 (3.11 or newer): `make run`, `make test`.
# PYTHON=... chooses another interpreter.

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench soak help-pictures translations package test-package lock upgrade clean venv venv-test check

SAMPLE := resources/sample/sample.jsonl
BIN    := .venv/bin

.NOTPARALLEL:

# Whoever has this set would have every process that a test starts compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

# The layers below the models work without Qt; their tests run with Qt made unimportable.
WITHOUT_QT       := $(wildcard $(addprefix tests/,core settings sources store capture review) \
                               tests/test_language.py tests/test_settings.py tests/test_resourcefiles.py)
WITHOUT_QT_HOOK  := $(CURDIR)/tests/helpers/withoutqt
PYTEST           := $(BIN)/python -m pytest --dist worksteal --cov

help: ## Show this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: venv ## Set everything up and open the window on the bundled sample (no display: draw it into a picture)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	    $(BIN)/alprviewer $(SAMPLE); \
	else \
	    mkdir -p build && \
	    $(BIN)/alprviewer screenshot $(SAMPLE) -o build/sample.png && \
	    echo "There is no display here; the window was drawn into $(CURDIR)/build/sample.png"; \
	fi

test: venv-test check ## Set everything up and run every check: style, types, layers, tests, coverage
	@rm -f .coverage .coverage.* && mkdir -p build
	PYTHONPATH="$(WITHOUT_QT_HOOK)" $(PYTEST) -n 2 -p no:pytest-qt --cov-report= $(WITHOUT_QT)
	@# Four at a time, also on two processors: tests of windows wait a third of theirs.
	$(PYTEST) -n 4 --cov-append --cov-report=json:build/coverage.json --durations=10 \
	    $(addprefix --ignore=,$(WITHOUT_QT)) tests
	$(BIN)/python -m tests.helpers.floors build/coverage.json

lint: venv check ## Style, types and layers only

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: venv ## Bring the code into the project's style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: venv-test ## Measure, print a table and write it as JSON (options: make bench BENCH="--reads 10000000")
	@packaging/tool-environment.sh "$$(packaging/choose-python.sh)" bench
	$(BIN)/python -m tests.bench $(BENCH)

soak: venv-test ## Kill recorder and journal 700 times under load, fuzz the compiled reader (options: make soak SOAK="--window --kills 50")
	$(BIN)/python -m tests.soak $(SOAK)

help-pictures: venv ## Draw the pictures of the help anew
	$(BIN)/python resources/help/make_pictures.py

translations: venv ## Bring the catalogues of translations up to date with the messages in the code
	$(BIN)/python packaging/catalogues.py

package: venv ## Build the wheel and the Debian package into dist/, and say what they weigh and hold
	@python="$$(packaging/choose-python.sh)" && packaging/system-libraries.sh package "$$python" && \
	    packaging/package.sh "$$python"

test-package: ## Install the Debian package in a bare system, use it as an ordinary user, remove it (needs root)
	@packaging/test-deb.sh

lock: ## Write the locks anew from pyproject.toml, keeping the versions that still fit
	@packaging/lock.sh "$$(packaging/choose-python.sh)"

upgrade: ## Write the locks anew with the newest versions
	@packaging/lock.sh "$$(packaging/choose-python.sh)" upgrade

clean: ## Remove everything that was made here, .venv too
	rm -rf .venv .venv-* build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	    .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv: ## Set up the system libraries and .venv, nothing else
	@python="$$(packaging/choose-python.sh)" && packaging/system-libraries.sh run "$$python" && \
	    packaging/environment.sh "$$python"

venv-test:
	@python="$$(packaging/choose-python.sh)" && packaging/system-libraries.sh test "$$python" && \
	    packaging/test-servers.sh && packaging/environment.sh "$$python"
