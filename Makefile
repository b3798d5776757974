.DEFAULT_GOAL := help
.PHONY: help setup demo test check chaos nightly bench load docs clean

help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do printf 'make %-8s %s\n' "$$name" "$$text"; done

setup: ## install everything that the demonstration and the tests need
	@tools/bootstrap.sh dev

demo: ## set up, show one birth registration from search to certificate, serve it (DEMO_ONCE=1: show and end)
	@tools/bootstrap.sh demo
	@.venv/bin/motcua demo

test: ## run every test (ARGS="-k word" for some)
	@tools/bootstrap.sh dev
	@.venv/bin/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: ## format, lint, types, imports, migrations, translations
	@tools/bootstrap.sh dev
	@sh tools/check.sh

chaos: ## kill processes under load for ten minutes and count what is left (SECONDS=600)
	@tools/bootstrap.sh dev
	@MOTCUA_CHAOS_SECONDS=$(or $(SECONDS),600) .venv/bin/python -m pytest tests/chaos -q

nightly: ## every page in every language and width, Lighthouse over one of each kind (ARGS=--write)
	@tools/bootstrap.sh dev
	@.venv/bin/python tools/nightly.py $(ARGS)

bench: ## measure and compare with the budget (ARGS=--quick, ARGS=--write)
	@tools/bootstrap.sh demo
	@.venv/bin/python bench/run.py $(ARGS)

load: ## 4 and 16 users for ten minutes each, five times as many in between (ARGS=--minutes 1)
	@tools/bootstrap.sh demo
	@.venv/bin/python -m bench.load $(ARGS)

docs: ## build the documentation in docs/_build/html
	@tools/bootstrap.sh dev
	@.venv/bin/python -m sphinx -W docs docs/_build/html

clean: ## remove all that was installed and built here; the data in var stays
	rm -rf .venv node_modules build docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src -name '*.mo' -delete
