# The two commands of a newcomer are `make demo` and `make test`; each sets up what it needs.
.DEFAULT_GOAL := help
BIN := .venv/bin
ALONE := tests/acceptance/test_politeness.py
# the command starts hundreds of times in the tests: each module is compiled once, whatever the environment says
export PYTHONDONTWRITEBYTECODE :=
LOCK := --generate-hashes --universal --python-version 3.11 --no-annotate --no-header --quiet

.PHONY: help install dev demo up test fuzz check fix bench drill bench-peers score accuracy docs site lock
help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

install: ## Set up .venv from the lock file
	@scripts/install

dev: ## Set up .venv with what tests and checks need as well
	@scripts/install dev

demo: install ## Run the main job offline on the built-in marketplace; leaves nothing running
	@$(BIN)/azscraper demo --output demo-output

up: install ## Run everything on http://127.0.0.1:8000
	@$(BIN)/azscraper up

test: dev ## Run all tests; first, alone, those whose marketplace notes when each request arrives
	@$(BIN)/python -m pytest $(ALONE)
	@$(BIN)/python -m pytest --ignore $(ALONE) -n 3 --dist loadgroup

fuzz: dev ## Ask every route thousands of generated questions, kill eight writers of rows in 20 ways, prove 60 rules of alerts, damage real pages
	@$(BIN)/python -m pytest tests/contract/test_fuzz.py tests/acceptance/test_rows_feed.py tests/integration/alerts/test_proof.py tests/realpages/test_mutants.py --whole -n 2

check: dev ## Lint, types and the import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: dev ## Repair what the linter and the formatter can
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: dev ## Measure speed, as ratios side by side
	@$(BIN)/python bench/run.py

bench-peers: dev ## Measure the whole service beside Scrapy, Crawlee and scripts; writes docs/benchmarks.md
	@scripts/install bench
	@$(BIN)/python bench/peers/run.py

drill: dev ## Kill, stop, cut off and fill up parts of a whole system for ten minutes; check that nothing is lost. SEED=7 SECONDS=600
	@$(BIN)/python scripts/drill $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

score: dev ## Score the parsers against the labels of recorded pages
	@$(BIN)/python scripts/score.py

accuracy: dev ## Compare with other parsers on the recorded pages; writes docs/accuracy.md
	@scripts/install accuracy
	@$(BIN)/python scripts/accuracy.py

docs: dev ## Write the generated reference pages
	@$(BIN)/python scripts/reference.py

site: dev ## Build the docs site to build/site
	@$(BIN)/sphinx-build -W --keep-going -q docs build/site

lock: dev ## Resolve new dependencies into the lock files; UPGRADE=--upgrade renews the old ones
	@$(BIN)/python -m pip install --quiet uv
	@echo pip | $(BIN)/uv pip compile - $(LOCK) $(UPGRADE) -o requirements-pip.lock
	@$(BIN)/uv pip compile pyproject.toml --all-extras $(LOCK) $(UPGRADE) -o requirements-dev.lock
	@$(BIN)/uv pip compile pyproject.toml --extra build --extra mcp --extra otel $(LOCK) $(UPGRADE) -c requirements-dev.lock -o requirements.lock
	@$(BIN)/uv pip compile bench/peers/requirements.txt $(LOCK) $(UPGRADE) -o bench/peers/requirements.lock
	@$(BIN)/uv pip compile bench/accuracy/requirements.txt $(LOCK) $(UPGRADE) -o bench/accuracy/requirements.lock
	@npm install --prefix bench/accuracy --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --silent
