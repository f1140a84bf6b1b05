"""The WorkflowTemplates: clipmill render prints them, clipmill lint checks them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pipelines.cli.command import Command, Options
from pipelines.dag import clips_dag, detect_dag
from steps.contract.errors import BadInput, BrokenContract, one_line


def _add_render_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="DIR", default="", help="write one file per template to this folder"
    )


def _render(options: Options) -> int:
    from pipelines.argo.template import TEMPLATES, render, write_templates

    if options.out:
        for path in write_templates(Path(options.out)):
            sys.stdout.write(f"{path}\n")
    else:
        sys.stdout.write("---\n".join(render(name) for name in TEMPLATES))
    return 0


def _add_lint_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="YAML files [default: what render prints]"
    )


def _lint(options: Options) -> int:
    from pipelines.argo.lint.checks import lint, unchecked
    from pipelines.argo.template import TEMPLATES, render
    from pipelines.lint import lint_dag

    dags = () if options.files else (clips_dag(), detect_dag())
    texts = {name: _text(name) for name in options.files}
    texts = texts or {name: render(name) for name in TEMPLATES}
    documents = [(name, document) for name, text in texts.items() for document in _all(name, text)]
    problems = [problem for dag in dags for problem in lint_dag(dag)]
    for name, document in documents:
        found = lint(document)
        problems += [f"{name}: {problem}" for problem in found]
        for remark in () if found else unchecked(document):
            sys.stderr.write(f"{name}: {remark}\n")
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if problems:
        raise BrokenContract(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found")
    checked = f"{len(dags)} DAGs, " if dags else ""
    sys.stdout.write(f"{checked}{len(documents)} templates: no problem found\n")
    return 0


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not a UTF-8 text file") from error


def _all(name: str, text: str) -> list[Any]:
    import yaml

    from pipelines.argo.lint.document import read_documents

    try:
        documents = read_documents(text)
    except yaml.YAMLError as error:
        raise BadInput(f"{name} is not YAML: {one_line(str(error))}") from error
    if not documents:
        raise BadInput(f"{name} is empty: name a file with a WorkflowTemplate")
    return documents


COMMANDS = (
    Command("render", "Print the Argo WorkflowTemplates.", _add_render_options, _render),
    Command(
        "lint",
        "Check the DAGs and the WorkflowTemplates without a cluster.",
        _add_lint_options,
        _lint,
    ),
)
