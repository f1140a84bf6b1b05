"""docs/engines.md: the engines of every step, and how to install the heavy ones."""

from __future__ import annotations

from pipelines.environments.declared import ENVIRONMENTS, PYTHON
from steps.catalogue import EXIT_NAMES, NAMES, load_step
from steps.contract import Engines
from steps.contract.params import flag

NOTE = "<!-- Made by `make golden` from the declarations. -->"
ENGINES = """\
# Engines

{note}

An engine is one way to do a job of a step. An option names it; `auto`, the default, takes the
first one that this machine can use, in the order below. The manifest says which engines made a
job. When an engine that is installed fails, the next one does the work and the manifest lists the
fallback. A named engine that cannot be used stops the job at once, with exit code 80 and the
command that helps.

`clipmill engines` lists what works on this machine, and `clipmill doctor` says which engine each
step will take.

{tables}

## Environments

The engines of the default install need nothing more. The others need packages that cannot share
one Python: WhisperX wants torch 2.8 and vLLM 2.13. Each has an environment, pinned with hashes,
that holds everything of the default install too; the whole step runs with that environment's
Python.

| environment | what | disk |
|---|---|---|
{environments}

```sh
clipmill engines install whisperx
clipmill engines check whisperx     # are the packages the pinned ones, do its engines load?
clipmill engines remove whisperx
```

- An environment goes to the user's data folder; `CLIPMILL_ENGINES_DIR` moves all of them. An
  interrupted install is made again. After an update of clipmill, `install` brings it up to date,
  and a job that would use the older one says so.
- They need Python {python} or `uv`, which brings its own. The wheels bring CUDA: of the system, a
  GPU needs NVIDIA's driver only. vLLM compiles kernels at its first start, for which it needs a C
  compiler and Python's headers (Debian: `gcc` and `libpython3-dev`).
- On Linux (x86-64) every environment works with and without a GPU: `install` looks for one, and
  `--for cpu` or `--for cuda` overrules it. Only vLLM has two builds. PyPI's torch does not start
  without its CUDA packages, so an environment for the CPU takes as much disk as one for a GPU.
- On macOS (arm64) the locks of whisperx and vision have wheels too, without CUDA; nobody has
  tried them there. vLLM has none: run a server such as Ollama and name it with `--llm-url`.
- One step at a time uses the GPU. Steps without one run beside it.
- A step downloads nothing, whatever its engine. Models that no package carries are fetched once,
  with `clipmill models fetch`.

On a cluster, each environment is an image of its own, from the same pins: [images.md](images.md).
"""


def engines() -> str:
    """docs/engines.md: the engines of every step, and how to install them."""
    declared = [load_step(name) for name in (*NAMES, *EXIT_NAMES)]
    tables = [
        line
        for step in declared
        for field, marked in step.engines.items()
        for line in (f"## {step.name} `{flag(field)}`", "", *engine_rows(marked), "")
    ]
    rows = [f"| {one.name} | {one.about} | {one.gigabytes:g} GB |" for one in ENVIRONMENTS.values()]
    return ENGINES.format(
        note=NOTE,
        tables="\n".join(tables).strip(),
        environments="\n".join(rows),
        python=PYTHON,
    )


def engine_rows(marked: Engines) -> list[str]:
    """A table of the engines that a param chooses from."""
    rows = [
        f"| {one.name} | {one.about} | {one.environment or 'default'} "
        f"| {one.resources.gpu or ''} | {one.promise.replace('-', ' ')} |"
        for one in marked.engines
    ]
    head = ["| engine | what | environment | GPUs | same bytes on |", "|---|---|---|---|---|"]
    return [*head, *rows]
