# Quietline. `make help` lists what there is; `make demo` and `make test` set up all they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Wheels alone, by hash: building a package from source would run code that no hash of ours names.
LOCKED := --quiet --require-hashes --only-binary :all:
# What is installed is marked by what was named, not by a date: an archive's files are as old as its commit.
marked = $(VENV)/.$(1)-$(shell cat $(2) | cksum | tr ' ' -)
RUNTIME := $(call marked,runtime,locks/build.txt locks/runtime.txt pyproject.toml)
DEV := $(call marked,dev,locks/build.txt locks/runtime.txt locks/dev.txt pyproject.toml)
CLIENT := app/reporter/client
FILE ?=
DEMO ?=
ONLY ?=
# What is imported is compiled once: the tests start hundreds of processes of ours.
unexport PYTHONDONTWRITEBYTECODE
# A process waits much of its time, for browsers, Tor and databases (with three, two cores were busy for 82 %), and
# 0.4 seconds for each new screen of the reporter's page.
PROCESSES ?= 5
# The files that take longest begin first (tests/seconds.py); xdist would begin with those of most tests.
SIDE_BY_SIDE := --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.PHONY: demo
demo: install ## Run everything on this machine with synthetic reports (DEMO="--port 8000 …")
	@exec $(BIN)/quietline demo $(DEMO)

.PHONY: install
install: $(RUNTIME) ## Install Quietline into .venv, pinned by hash

.PHONY: install-dev
install-dev: $(DEV) $(CLIENT)/node_modules/.package-lock.json ## Install what tests and checks need

$(VENV)/bin/python:
	@PYTHON=$(PYTHON) .ci/system-packages python
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/bin/python
	@rm -f $(VENV)/.runtime* $(VENV)/.dev*
	$(BIN)/python -m pip install $(LOCKED) -r locks/build.txt -r locks/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUNTIME)
	@rm -f $(VENV)/.dev*
	$(BIN)/python -m pip install $(LOCKED) -r locks/dev.txt
	@touch $@

$(CLIENT)/node_modules/.package-lock.json: $(CLIENT)/package-lock.json
	@.ci/system-packages node
	cd $(CLIENT) && npm ci --silent --no-audit --no-fund

.PHONY: test
test: install-dev ## Run every test (on Debian and Ubuntu installs browsers, Tor, databases for it)
	@.ci/system-packages test
	node --test tests/client/*.test.mjs
	$(BIN)/python -m tests.vectors.run $(FILE)
	PYTHON=$(BIN)/python .ci/second-look $(SIDE_BY_SIDE)

.PHONY: test-fast
test-fast: install-dev ## Run the tests that need neither browser nor database nor Tor, in files of seconds
	@CI=true .ci/system-packages fast
	node --test tests/client/*.test.mjs
	CI=true $(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not browser and not services and not slow"

.PHONY: measure
measure: install-dev ## Run every test once: its seconds, and the share of app/ that it reaches (ONLY=tests/console)
	@.ci/system-packages test
	SECONDS_TO=tests/seconds.json PYTHON=$(BIN)/python .ci/second-look $(SIDE_BY_SIDE) --cov --cov-report= --cov-fail-under=0 $(ONLY)
	$(if $(ONLY),,$(BIN)/coverage report)

.PHONY: test-onion
test-onion: install-dev ## The whole way through a private Tor network (also part of `make test`)
	@.ci/system-packages test
	$(BIN)/python -m pytest tests/onion

.PHONY: test-vm
test-vm: install-dev ## A Debian machine in QEMU: from the package to a line on another machine, an hour where KVM boots no kernel (root; PACKAGE=….deb FROM=stage CLOCK=host)
	@.ci/system-packages vm
	$(BIN)/python -m pytest --timeout 28800 -x tests/vm/stages.py

.PHONY: soak
soak: install-dev deb test-deb test-vm images test-images stick test-stick ## The long ones: 200 kills under load on each database, parsers fuzzed, axe in every language and width, each feature left out, a machine and a stick in QEMU, containers
	@.ci/system-packages test
	KILLS=200 $(BIN)/python -m pytest --timeout 14400 tests/server/http/test_killed.py
	FUZZ_SECONDS=600 $(BIN)/python -m pytest --timeout 14400 tests/fuzz
	AXE_EVERYWHERE=1 $(BIN)/python -m pytest --timeout 14400 tests/journeys/test_accessibility.py -k any_language
	AXE_EVERYWHERE=1 $(BIN)/python -m pytest --timeout 14400 tests/journeys/test_console_pseudo.py
	$(BIN)/python -m tests.console.left_out -q --numprocesses $(PROCESSES) --dist loadfile

.PHONY: check check-python check-types check-client
check: check-python check-types check-client docs ## Formatting, lint, types, import contracts, reproducible bundle, documents

check-python: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

check-types: install-dev
	$(BIN)/mypy app deploy tests/vectors

check-client: install-dev
	cd $(CLIENT) && npm run --silent lint && npm run --silent check

.PHONY: fix
fix: install-dev ## Format and mend what can be mended by machine (maps too: look at them)
	$(BIN)/python -m tests.house.maps
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd $(CLIENT) && npm run --silent fix

build/docs/tools/.done: locks/docs.txt
	$(PYTHON) -m venv build/docs/tools
	build/docs/tools/bin/python -m pip install $(LOCKED) -r locks/docs.txt
	@touch $@

.PHONY: docs
docs: $(VENV)/bin/python build/docs/tools/.done ## Build the documents into a site with search; a dead link is an error
	$(BIN)/python -m deploy.documents build/docs/tools/bin/properdocs build/docs/site

.PHONY: bench
bench: install-dev ## Measure the server, write docs/bench (ten minutes; ONLY=reports: that one alone)
	@.ci/system-packages test
	@$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

.PHONY: bench-page
bench-page: install-dev tests/bench/lighthouse/node_modules/.package-lock.json ## Measure the reporter’s page in a browser (eight minutes)
	@.ci/system-packages test
	@$(BIN)/python -m tests.bench --only page

tests/bench/lighthouse/node_modules/.package-lock.json: tests/bench/lighthouse/package-lock.json
	@.ci/system-packages node
	cd tests/bench/lighthouse && npm ci --silent --no-audit --no-fund

.PHONY: screens
screens: install-dev ## Keep new pictures of what looks different (look at them, then commit)
	@.ci/system-packages test
	SCREENS=renew $(BIN)/python -m pytest tests/journeys/test_looks.py tests/journeys/test_console_looks.py

.PHONY: release
release: install-dev ## Build, try, list and sign what is committed (OUT=folder KEY=OpenSSH key APT_KEY=OpenPGP key; IMAGES=yes STICK=yes as root)
	@for purpose in package $(if $(IMAGES),images) $(if $(STICK),stick); do .ci/system-packages $$purpose || exit; done
	$(BIN)/python -m deploy.release $(or $(OUT),build/release) $(if $(KEY),--key $(KEY)) $(if $(APT_KEY),--apt-key $(APT_KEY)) $(if $(IMAGES),--images) $(if $(STICK),--stick)

.PHONY: deb
deb: install ## Build the Debian packages of what is committed into build/deb (FOR=debian12|ubuntu24.04 DEB="--arch arm64")
	@.ci/system-packages package
	$(BIN)/python -m deploy.package build/deb $(if $(FOR),--for $(FOR)) $(DEB)

.PHONY: test-deb
test-deb: install ## Install, run, upgrade, remove and purge the newest package in a bare Debian or Ubuntu (root, minutes; FOR=debian12|ubuntu24.04 LAST_PACKAGE=….deb)
	@.ci/system-packages package
	$(BIN)/python -m deploy.package.trial $(or $(PACKAGE),$$(ls -t build/deb/quietline_*+$(subst debian,deb,$(or $(FOR),debian13))_amd64.deb | head -1)) $(if $(LAST_PACKAGE),--last $(LAST_PACKAGE))

.PHONY: images
images: install ## Build the images of containers of what is committed into build/images (root; IMAGES="--only server tor --twice")
	@.ci/system-packages images
	$(BIN)/python -m deploy.images build/images $(IMAGES)

.PHONY: base
base: ## Give the engine a Debian 13 as localhost/quietline-base, for .devcontainer (root; ENGINE=docker)
	@.ci/system-packages images
	set -o pipefail; mmdebstrap --variant=minbase --include=ca-certificates trixie - | $(or $(ENGINE),podman) import - localhost/quietline-base

.PHONY: test-images
test-images: install-dev ## Run build/images with podman, in a network of its own: a report through them, crashes, full disk, Caddy, several servers (root, minutes)
	@.ci/system-packages images
	unshare --net --mount sh -euc 'ip link set lo up; exec "$$@"' in $(BIN)/python -m pytest --timeout 1800 tests/containers/trial.py tests/containers/several.py

.PHONY: stick
stick: install ## Build the image of a stick that any PC starts from, around the newest package (root; STICK=--quick)
	@.ci/system-packages stick
	$(BIN)/python -m deploy.stick build/stick --package $(or $(PACKAGE),$$(ls -t build/deb/quietline_*+deb13_amd64.deb | head -1)) $(STICK)

.PHONY: test-stick
test-stick: install-dev ## Start the newest image in QEMU: UEFI with Secure Boot, BIOS, all three ways, a new version; an hour where KVM boots no kernel (root; IMAGE=….iso, STAGES='-k agency')
	@.ci/system-packages stick-test
	$(BIN)/python -m pytest --timeout 14400 tests/stick/stages.py $(STAGES)

.PHONY: site-repro
site-repro: install-dev ## Make the bundle and the site again in a clean copy, and compare
	$(BIN)/python -m deploy.release.site

.PHONY: audit
audit: install-dev ## Every dependency against the advisory databases (network)
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install $(LOCKED) -r locks/release.txt
	build/audit/bin/pip-audit --require-hashes --disable-pip -r locks/runtime.txt -r locks/posters.txt -r locks/s3.txt -r locks/translation.txt
	cd $(CLIENT) && npm audit

.PHONY: vectors
vectors: install-dev ## Run both implementations over all vectors (FILE=path: over that file)
	@$(BIN)/python -m tests.vectors.run $(FILE)

.PHONY: language
language: install-dev ## Add a language to the reporter’s page: a folder to translate (CODE=vi)
	@$(BIN)/python -m app.reporter.languages add $(CODE)

.PHONY: messages
messages: install-dev ## Bring the catalogues to the English texts, and say what each lacks
	@$(BIN)/python -m app.reporter.languages update
	@$(BIN)/python -m app.sentences.message_catalogues update

.PHONY: bundle
bundle: $(CLIENT)/node_modules/.package-lock.json ## Build the reporter's JavaScript bundle anew
	cd $(CLIENT) && npm run --silent build

.PHONY: lock
lock: ## Pin all Python dependencies anew, with hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate locks/build.in -o locks/build.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml -o locks/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -c locks/runtime.txt --extra dev --extra posters --extra s3 --extra translation pyproject.toml -o locks/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -c locks/runtime.txt locks/translation.in -o locks/translation.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -c locks/runtime.txt locks/posters.in -o locks/posters.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -c locks/runtime.txt locks/s3.in -o locks/s3.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -c locks/build.txt locks/release.in -o locks/release.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate locks/docs.in -o locks/docs.txt
