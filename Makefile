# The commands of the project. A machine needs Python 3.11, 3.12 or 3.13 and make; the rest is
# installed into .venv, once per change of the requirements.
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
# The interpreter to build .venv from; the first suitable one unless given as PYTHON=...
PYTHON ?=

.PHONY: run test bench lint mutants assets translations reading clean soak
.DELETE_ON_ERROR:

run: $(VENV)/runtime.stamp
	@$(PY) -m coverage_service rules check
	@exec $(PY) -m coverage_service serve --port $(PORT)

test: $(VENV)/dev.stamp
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)

bench: $(VENV)/dev.stamp
	$(PY) -m bench $(ARGS)

lint: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m coverage_service rules format --check

# Changes core/ in a thousand small ways under mutants/ and counts those that some test notices;
# `.venv/bin/python -m mutmut show NAME` prints a survivor. A line without a test counts as a survivor.
SCORE := import json; found = json.load(open("mutants/mutmut-cicd-stats.json")); \
    noticed = found["killed"] + found["timeout"] + found["segfault"]; total = found["total"] - found["skipped"]; \
    print(f"mutation score: {noticed} of {total}, {noticed / max(total, 1):.1%}"); \
    exit(noticed < 0.9 * total or not total)

mutants: $(VENV)/dev.stamp
	rm -rf mutants
	$(PY) -m mutmut run --max-children $(or $(JOBS),2)
	$(PY) -m mutmut export-cicd-stats
	@$(PY) -m mutmut results
	@$(PY) -c '$(SCORE)'

# The style and the script of the client's page, which are committed; needs Node, unlike all the rest.
assets:
	cd frontend && npm install && node build.mjs
	cd frontend/workbench && npm install && node build.mjs

# The Spanish of the client's page: asks the sources what they say, and tells what is left to translate.
translations: $(VENV)/dev.stamp
	$(PY) -m tests.catalogue

# Long: a million answers under swaps, every cut of a file, kills; ARGS="swaps 100000 300" for some of it.
soak: $(VENV)/dev.stamp
	$(PY) -m tests.activation.soak $(ARGS)

# How hard the English is to read; the tests measure it too.
reading: $(VENV)/dev.stamp
	$(PY) -m tests.reading

clean:
	rm -rf $(VENV) mutants build dist frontend/node_modules frontend/workbench/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/runtime.stamp: requirements.txt | $(PY)
	@echo "Installing what the service needs into $(VENV) (only when requirements.txt changes) ..."
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(PY)
	@echo "Installing what the tests need into $(VENV) (only when the requirements change) ..."
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/runtime.stamp

SUITABLE := import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

# A name on the path may be a shim of a version that is not installed, so each candidate is run.
# Debian's Python without python3-venv makes an environment without pip; the system's pip then fills it.
$(PY):
	@for candidate in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
	    if $$candidate -c '$(SUITABLE)' >/dev/null 2>&1; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "No Python 3.11, 3.12 or 3.13 was found. Install one (Debian and Ubuntu: apt install python3 python3-venv)," >&2; \
	    echo "or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; \
	fi; \
	rm -rf $(VENV); \
	$$found -m venv $(VENV) >/dev/null 2>&1 && exit 0; \
	rm -rf $(VENV); \
	if $$found -m pip --version >/dev/null 2>&1 && $$found -m venv --without-pip $(VENV); then \
	    $$found -c 'import sys; print(sys.executable)' >$(VENV)/pip-from; exit 0; \
	fi; \
	rm -rf $(VENV); \
	version=$$($$found -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	echo "$$found has neither ensurepip nor pip. Debian and Ubuntu: apt install python$$version-venv; then make $(MAKECMDGOALS)" >&2; \
	exit 1

# pip of the environment itself, or of the Python it was made from.
define install
if [ -f $(VENV)/pip-from ]; then \
    "$$(cat $(VENV)/pip-from)" -m pip --python $(PY) install --quiet --disable-pip-version-check -r $(1); \
else \
    $(PY) -m pip install --quiet --disable-pip-version-check -r $(1); \
fi
endef
