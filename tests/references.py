"""The generated docs: `python -m tests.references` writes the pages of `PAGES` again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pipelines.cli.command import NAMES as COMMANDS
from pipelines.cli.door import parser_of, usage
from steps.catalogue import EXIT_NAMES, NAMES, load_step
from steps.contract import Port
from steps.contract.params import bounds, flag, text
from steps.model.licences import installed
from steps.model.weights import EMBEDDED, MODELS
from tests.bench.tables import benchmarks
from tests.engines_page import NOTE, engine_rows, engines
from tests.styles_page import page as styles

FOLDER = Path(__file__).resolve().parent.parent / "docs"
WIDTH = "100"
EMPTY = '""'
MODELS_HEAD = f"""# Models

{NOTE}

A step never downloads a model. `make setup` installs the laptop's models from packages;
`clipmill models fetch NAME` gets any other one. A model may be named by its path too, where a param
takes one: its digest then goes into the receipt and the cache key.

## Where a step looks

1. `$CLIPMILL_WEIGHTS_DIR/NAME/`; without that variable the folder `clipmill/models` among the
   user's data (`~/.local/share` on Linux).
2. `share/clipmill/models/NAME/` of its Python: set-up joins there what packages carry in parts, and
   an image has there what `make images ARGS="--models DIR"` put in.
3. The installed package that carries it.

Every digest is checked before a model is used. `steps/model/models.toml` has the known ones. The
first fetch writes the others to `models.lock` in the model folder, with the commit of the
repository; they are enforced ever after. `clipmill models lock NAME` writes the lock for files that
you put there.

## Getting models

```sh
clipmill models                                   # the list, and what is here
clipmill models fetch qwen3-4b-awq                # into the model folder
HF_TOKEN=hf_... clipmill models fetch pyannote-community-1   # gated: accept its terms first
clipmill models fetch yolo11n --to DIR            # into a folder, for an image or a volume
clipmill models fetch yolo11n --to s3://bucket/models
clipmill models fetch --from s3://bucket/models   # all that is there
clipmill models check                             # compare the digests
```

A download that breaks off goes on where it stopped when the command runs again. `HF_ENDPOINT` names
another hub.

## On a cluster

- In the image: `make images ARGS="--models DIR"`, with a folder that `--to DIR` filled.
- On a volume: `models.volume` of the chart, any kind of volume, mounted read-only.
- From a bucket: `models.uri` of the chart. An init container copies what the step uses before it
  starts, and checks it. With `models.volume` too, it fills that volume: of several pods that share
  it one copies, the others wait.

## The list

Sizes in MB; `?` where only the first fetch can tell. `LicenseRef-unknown`: read the page of the
repository before you use it.

| model | what | use and reason | licence | MB | origin | get it |
|---|---|---|---|---|---|---|
"""


def cli() -> str:
    """docs/cli.md: the help of every command."""
    os.environ["COLUMNS"] = WIDTH
    parts = [f"# The command line\n\n{NOTE}\n\n```\n{usage()}```"]
    parts += [f"## clipmill {name}\n\n```\n{parser_of(name).format_help()}```" for name in COMMANDS]
    return "\n\n".join(parts) + "\n"


def steps() -> str:
    """docs/steps.md: what every step reads, writes and can be told."""
    head = (
        f"# The steps\n\n{NOTE}\n\n"
        "`python -m steps NAME --param=value --in DIR --out DIR` runs one; `--check` proves that "
        "its code and weights are there. The job's params are those of all steps by name; "
        f"{' and '.join(EXIT_NAMES)} runs when a job on a cluster has ended.\n\n"
        "| step | what | pool | memory |\n|---|---|---|---|\n"
    )
    every = (*NAMES, *EXIT_NAMES)
    declared = [load_step(name) for name in every]
    rows = [
        f"| [{step.name}](#{step.name}) | {step.summary} | {step.resources.pool} "
        f"| {step.resources.memory_mib} MiB |"
        for step in declared
    ]
    return head + "\n".join(rows) + "\n\n" + "\n".join(_step(name) for name in every)


def _step(name: str) -> str:
    step = load_step(name)
    lines = [f"## {step.name}", "", step.summary, ""]
    lines += _ports("Reads", step.reads) + _ports("Writes", step.writes)
    if step.params.model_fields:
        lines += ["| param | what | allowed | default |", "|---|---|---|---|"]
    for field, info in step.params.model_fields.items():
        default = "required" if info.is_required() else f"`{text(info.default) or EMPTY}`"
        allowed = bounds(info).replace("|", " ")
        lines.append(f"| `{flag(field)}` | {info.description} | {allowed} | {default} |")
    for field, marked in step.engines.items():
        lines += ["", f"Engines of `{flag(field)}`, the preferred first:", "", *engine_rows(marked)]
    if step.weights:
        lines += ["", "Weights: " + ", ".join(item.name for item in step.weights) + "."]
    return "\n".join(lines) + "\n"


def _ports(title: str, ports: tuple[Port, ...]) -> list[str]:
    if not ports:
        return []
    named = (f"`{port.path}`{' (optional)' if port.optional else ''}" for port in ports)
    return [f"{title}: {', '.join(named)}.", ""]


def licences() -> str:
    """docs/licences.md: the licence of everything that a job runs on."""
    lines = [
        f"# Licences\n\n{NOTE}\n",
        "clipmill itself is Apache-2.0. What it installs has licences of its own. They matter to "
        "those who pass the packages on, in an image for example, or who offer NudeNet (AGPL-3.0) "
        "over a network. `clipmill models` prints the same for this machine.\n",
        "## Weights\n",
        "| weights | licence | what |\n|---|---|---|",
        *(f"| {one.name} | {one.licence} | {one.about} |" for one in EMBEDDED),
        "\n## Packages of the laptop's set\n",
        "| package | licence | note |\n|---|---|---|",
        *(f"| {one.package} | {one.licence} | {one.note} |" for one in installed()),
    ]
    return "\n".join(lines) + "\n"


def models() -> str:
    """docs/models.md: every model, what for, why, where from, and how to get it."""
    rows = []
    for one in MODELS.values():
        size = sum(file.size_bytes for file in one.files)
        get = "`make setup`" if one in EMBEDDED else f"`clipmill models fetch {one.name}`"
        licence = one.licence + (" (gated)" if one.gated else "")
        rows.append(
            f"| {one.name} | {one.about} | {one.use} | {licence} | "
            f"{f'{size / 1e6:.1f}' if size else '?'} | {one.origin} | {get} |"
        )
    return MODELS_HEAD + "\n".join(rows) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "benchmarks.md": benchmarks,
    "cli.md": cli,
    "engines.md": engines,
    "licences.md": licences,
    "models.md": models,
    "steps.md": steps,
    "styles.md": styles,
}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
