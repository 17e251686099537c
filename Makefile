# `make help` lists what there is. No target needs arguments or another step first.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
PYTHON := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
# The newest Python that really starts here: a version manager may leave names on the PATH that do not.
PYTHONS ?= python3.13 python3.12 python3.11 python3
FIND_PYTHON = for python in $(PYTHONS); do \
	if command -v $$python >/dev/null && $$python -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
	then echo $$python; exit; fi; done

# With REPORTS=FOLDER tests and checks leave there what became of them, and `make checklist` need not run them again.
JUNIT = $(if $(REPORTS),--junitxml=$(REPORTS)/$@-$$$$.xml)
PASSED = $(if $(REPORTS),@echo "make $@" >>$(REPORTS)/passed)
# mkdocs-material tells of other generators unless told not to.
DOCS := NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict

.PHONY: help install run test coverage faults delivery check audit checklist docs format messages bench soak attack observatory env-example lock screenshots

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(VENV)/installed ## Make .venv with everything that development needs

$(VENV)/installed: requirements/dev.txt
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then echo "FoodMood needs Python 3.11, 3.12 or 3.13 with its venv module: install one (Debian: apt install python3 python3-venv) and run make again."; exit 1; fi; \
	echo "Installing into $(VENV) with $$($$python --version)"; \
	$$python -m venv --clear $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --requirement requirements/dev.txt
	@touch $@

run: install ## Run FoodMood on http://127.0.0.1:8000 with a demo diary
	@$(PYTHON) manage.py release --verbosity 0
	@$(PYTHON) manage.py demo --address http://$(HOST):$(PORT)/
	@exec $(PYTHON) manage.py runserver --skip-checks $(HOST):$(PORT)

test: install ## Run every test, or those that TESTS names
	@$(PYTHON) -m $(if $(MEASURED),coverage run -m )pytest $(JUNIT) $(TESTS)

coverage: install ## Refuse too few lines or branches run by the tests: by those of `make test MEASURED=1`, or else run them now
	@ls .coverage.* >/dev/null 2>&1 || $(MAKE) --no-print-directory test MEASURED=1
	@$(VENV)/bin/coverage combine --quiet
	@$(PYTHON) -m tools.covered
	$(PASSED)

faults: install ## Stop, kill and cut what FoodMood stands on while people write, and count what is lost
	@$(PYTHON) -m pytest -m faults --numprocesses=2 $(JUNIT) tests/faults

delivery: install ## Deploy it as platforms, containers, nginx and many machines do, and use it there
	@$(PYTHON) -m pytest -m delivery --numprocesses=2 $(JUNIT) tests/delivery

check: install ## Lint, format, types, import rules, templates, migrations, workflows, links between pages
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint --check --lint templates
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=tools.migrations.settings $(PYTHON) manage.py lintmigrations
	@$(VENV)/bin/actionlint .github/workflows/*.yml
	@$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(VENV)/bin/pre-commit validate-config .pre-commit-config.yaml
	@$(DOCS) --quiet
	$(PASSED)

audit: install ## Look for known holes, insecure code, secrets, licences (needs a network, or AUDIT_OFFLINE=1)
	@$(PYTHON) -m tools.audit
	$(PASSED)

checklist: install ## Prove each box of docs/production-checklist.md
	@$(PYTHON) -m tools.checklist $(if $(REPORTS),--reports $(REPORTS))

docs: install ## Make the site of docs/ in var/site
	@$(DOCS)

format: install ## Format Python and templates
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/djlint --quiet --reformat templates

messages: install ## Collect new messages for translation and compile the catalogues (needs GNU gettext)
	@$(PYTHON) manage.py makemessages --locale=de --no-wrap --no-obsolete --add-location=file \
		--ignore=.venv --ignore=var --ignore=tests --ignore=benchmarks --ignore=docs
	@$(PYTHON) locale/compile.py

bench: install ## Measure pages and insights, as ratios within one run
	@$(PYTHON) -m benchmarks

soak: install ## Eight people at a real site for ten minutes (MINUTES=1 for a shorter one): what fails, what grows
	@$(PYTHON) -m benchmarks.soak --minutes $(or $(MINUTES),10)

attack: install ## Attack a site: guess passwords, fill its memory, send what takes long, fill a diary and nginx
	@$(PYTHON) -m benchmarks.attacks

observatory: install ## Mozilla's HTTP Observatory on this site (needs npm)
	@$(PYTHON) -m tests.observatory

screenshots: install ## Take the README's screenshots anew (needs Chromium, and a font with emoji)
	@$(PYTHON) -m docs.screenshots

env-example: install ## Write .env.example and docs/configuration.md anew from config/env.py
	@$(PYTHON) -m config.reference

lock: install ## Pin every dependency anew, with hashes, for Python 3.11 to 3.13
	@for name in prod dev; do \
		$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			--output-file requirements/$$name.txt requirements/$$name.in; done
