# The stable commands: `make run` and `make test`. Both set themselves up; they need Python 3.11 and nothing else.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: run test check bench soak faults screenshots golden docs messages lock clean

# An O2G simulator, Touchline and a phone in the browser; Ctrl-C stops them all.
run: $(READY)
	@$(BIN)/python -m simulators.demo $(ARGS)

# Everything that needs no root. What needs Chromium, Redis or PostgreSQL is skipped, with its reason, where it is missing;
# with REQUIRE_ALL=1 it fails instead. Some files at a time, since most tests wait more than they compute.
# `.venv/bin/python -m pytest PATH` runs one after the other.
test: $(READY)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

# What CI checks beside the tests: style, the house's one-way imports, types.
check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

# Times of screens beside a bare Flask floor, in one run.
bench: $(READY)
	@$(BIN)/python -m benchmarks $(ARGS)

# An hour at half load, and whether anything grows; ARGS="--minutes 10" shortens it.
soak: $(READY)
	@$(BIN)/python -m benchmarks.soak $(ARGS)

# Every fault of O2G in every application, on every family of sets and in every way of being served; keeps the figures
# in docs/faults.md.
faults: $(READY)
	@$(BIN)/python -m tests.faults $(ARGS)

# A picture of every screen on each family of sets, in docs/screenshots; ARGS="directory" takes one application's.
screenshots: $(READY)
	@$(BIN)/python -m tests.screenshots $(ARGS)

# What each application shows in its walk, kept for comparison; read the difference before you commit it.
golden: $(READY)
	@$(BIN)/python -m tests.golden $(ARGS)

# Pages of docs/ that are made from the code.
docs: $(READY)
	@$(BIN)/python -m docs.generate

# Collect the messages of the code into the catalogues.
messages: $(READY)
	@$(BIN)/pybabel -q extract -F translations/babel.cfg -k _ -k N_ -k ngettext:1,2 --no-location --sort-output \
		--project=Touchline --version=1 -o translations/touchline.pot .
	@for catalogue in translations/*/LC_MESSAGES/touchline.po; do \
		$(BIN)/pybabel -q update -N --ignore-pot-creation-date -i translations/touchline.pot -o $$catalogue \
			-l $$(basename $$(dirname $$(dirname $$catalogue))); done

# Pin what requirements*.in name.
lock: $(READY)
	@$(BIN)/pip-compile -q --upgrade --strip-extras --no-emit-index-url --no-emit-find-links -o requirements.txt requirements.in
	@$(BIN)/pip-compile -q --upgrade --strip-extras --no-emit-index-url --no-emit-find-links --allow-unsafe \
		-o requirements-dev.txt requirements-dev.in

$(READY): requirements.txt requirements-dev.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Touchline needs Python 3.11 or later")'
	@echo "Installing what Touchline needs into $(VENV)…"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $(READY)

clean:
	@rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
