"""clipmill render: the WorkflowTemplates as text."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.cli.command import Command, Options


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="DIR", default="", help="write one file per template here")


def _run(options: Options) -> int:
    from pipelines.argo.template import TEMPLATES, render, write_templates

    if options.out:
        for path in write_templates(Path(options.out)):
            sys.stdout.write(f"{path}\n")
    else:
        sys.stdout.write("---\n".join(render(name) for name in TEMPLATES))
    return 0


COMMAND = Command("render", "Print the Argo WorkflowTemplates.", _add_options, _run)
