# Everything from a bare checkout, with nothing but Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test browser screenshots example kills replay soak fuzz lint bench lock clean

help: ## what can be made here
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## the environment in .venv

# Rebuilt only when the locked requirements or the project's metadata change.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Geladi needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## a whole drill on this machine, no Telegram needed
	@$(BIN)/geladi rehearse --autoplay --speed 60 --seed 1 --out out

test: $(READY) ## the whole test suite
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# The package of the system if that can be had, else the one that Playwright brings.
browser: $(READY) ## a Chromium for the tests of the rehearsal page, unless there is one
	@$(BIN)/python -m tests.browser.chromium 2>/dev/null \
		|| (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null 2>&1 \
		|| $(BIN)/playwright install chromium
	@$(BIN)/python -m tests.browser.chromium >/dev/null

screenshots: $(READY) ## the pictures of the rehearsal page and the tutorial in docs/images
	@$(BIN)/python -m tests.browser.screenshots
	@$(BIN)/python -m tests.browser.tutorial_pictures

example: $(READY) ## what is in docs/example: the reports of the bundled exercise, played whole, and the tutorial's workbooks
	@$(BIN)/geladi rehearse --autoplay --headless --speed 60 --seed 1 --language id --out out/example-id
	@$(BIN)/geladi rehearse --autoplay --headless --speed 60 --seed 1 --language en --out out/example-en
	@mkdir -p docs/example
	@cp out/example-id/LATIHAN-1-laporan.pdf docs/example/laporan.pdf
	@cp out/example-en/EXERCISE-1-report.pdf docs/example/report.pdf
	@$(BIN)/python -m tests.docs.tutorial

kills: $(READY) ## a drill whose bot is killed a hundred times (about six minutes)
	@$(BIN)/python -m tests.acceptance.kills --kills 100

replay: $(READY) ## one simulated drill again, by its SEED=n
	@$(BIN)/python -m tests.simulation $(SEED)

soak: $(READY) ## 20,000 simulated drills on every core; goes on where it was stopped
	@$(BIN)/python -m tests.simulation --soak 20000

# atheris is no part of the locked requirements: it has no builds for every platform, and only this needs it.
fuzz: $(READY) ## the readers of scenario files on made-up bytes, ten minutes each (SECONDS=600)
	@test -d build/atheris || $(BIN)/python -m pip install --quiet --disable-pip-version-check --target build/atheris 'atheris>=3,<4'
	@for reader in yaml csv xlsx sheet; do PYTHONPATH=build/atheris $(BIN)/python -m tests.fuzz $$reader $(or $(SECONDS),600) || exit 1; done

lint: $(READY) ## style, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY) ## measurements, side by side in one run
	@$(BIN)/python -m bench

# Needs uv. The files record hashes for every platform and no download addresses.
lock: ## pin the requirements anew
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --no-strip-extras --extra dev pyproject.toml -o requirements.txt

clean: ## remove what was made here
	@rm -rf $(VENV) build *.egg-info out .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find bot handlers scenarios tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
