"""clipmill doctor: is this machine, or a cluster, ready, and what to fix."""

from __future__ import annotations

import argparse
import json
import sys

from pipelines.cli.command import Command, Options
from pipelines.doctor.outcome import Outcome
from steps.contract.errors import BadInput


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cluster", action="store_true", help="check the cluster instead")
    parser.add_argument(
        "--out", metavar="DIR", default="jobs", help="the folder of jobs [default: jobs]"
    )
    parser.add_argument("--cache", metavar="DIR", default="", help="the cache of finished steps")
    parser.add_argument("--namespace", metavar="NAME", default="", help="of the cluster's jobs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    if options.cluster:
        from pipelines.doctor.cluster import cluster_checks

        checks = cluster_checks(options.namespace)
    else:
        from pipelines.doctor.machine import machine_checks
        from pipelines.local.delivery import default_cache
        from steps.contract.places import absolute

        cache = absolute(options.cache or default_cache())
        checks = machine_checks(absolute(options.out), cache)
    outcomes = [outcome for check in checks for outcome in check()]
    wrong = sum(not outcome.ok for outcome in outcomes)
    if options.json:
        report = {"ok": not wrong, "checks": [outcome.as_dict() for outcome in outcomes]}
        sys.stdout.write(json.dumps(report) + "\n")
    else:
        _show(outcomes)
    return BadInput.exit_code if wrong else 0


def _show(outcomes: list[Outcome]) -> None:
    from rich.text import Text

    from pipelines.tables import console

    screen = console()
    for outcome in outcomes:
        mark = Text("ok    ", style="green") if outcome.ok else Text("wrong ", style="red")
        line = mark + Text(f"{outcome.name}: {outcome.message}")
        screen.print(line, soft_wrap=True)
        if outcome.fix:
            screen.print(Text(f"      fix: {outcome.fix}", style="yellow"), soft_wrap=True)


COMMAND = Command("doctor", "Check that this machine, or a cluster, is ready.", _add_options, _run)
