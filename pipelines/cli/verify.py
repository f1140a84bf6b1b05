"""clipmill verify: hash a job's files again and compare them with its manifest."""

from __future__ import annotations

import argparse
import json
import sys

from pipelines.cli.command import Command, Options
from steps.contract.errors import BrokenContract


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="folder or s3:// prefix of the job")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from pipelines.verify import verify
    from steps.storage import open_store

    verdict = verify(open_store(options.job))
    if options.json:
        report = {
            "job": options.job,
            "ok": verdict.difference is None,
            "checked": verdict.checked,
            "difference": str(verdict.difference) if verdict.difference else None,
            "extra": list(verdict.extra),
        }
        sys.stdout.write(json.dumps(report) + "\n")
        return 0 if verdict.difference is None else BrokenContract.exit_code
    for path in verdict.extra:
        sys.stderr.write(f"warning: {path} does not belong to this job\n")
    if verdict.difference is not None:
        raise BrokenContract(f"{options.job}: {verdict.difference}")
    sys.stdout.write(f"{options.job}: {verdict.checked} files match the manifest\n")
    return 0


COMMAND = Command("verify", "Compare a job's files with its manifest.", _add_options, _run)
