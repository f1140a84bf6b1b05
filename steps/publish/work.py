"""Read the job's documents and receipts, write the report, the edit lists and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from steps.contract import Context
from steps.contract.ports import Port
from steps.contract.receipt import Fingerprint, Receipt
from steps.contract.receipt import fingerprint as fingerprint_of
from steps.model import artifacts
from steps.publish import PublishParams
from steps.publish.documents import read_documents
from steps.publish.edits import edit_list
from steps.publish.interchange import edit_files
from steps.publish.manifest import completed, manifest
from steps.publish.page import page
from steps.publish.results import FiledReceipt, sort_receipts


def fingerprint(_params: PublishParams) -> None:
    """Never cached: it is the commit itself, and takes no time."""


def run(context: Context[PublishParams]) -> None:
    """Commit the job."""
    job = read_documents(lambda path: _bytes(context.inputs / path))
    results = sort_receipts(job.renditions, _receipts(context))
    drafted = manifest(
        version("clipmill"),
        job.meta.source_sha256,
        job.plan,
        results,
        read=[
            fingerprint_of(context.inputs, port.path)
            for port in (artifacts.SOURCE_META, artifacts.CLIPS, artifacts.CLIP_IDS)
        ],
        masked=job.masked_words,
    )
    made = edit_files(job, drafted)
    made[artifacts.EDL] = edit_list(job, drafted).canonical_bytes()
    drafted = completed(drafted, _listed(made))
    report: dict[Port, bytes] = {artifacts.REPORT: page(job, drafted)}
    for port, data in (made | report).items():
        context.output(port).write_bytes(data)
    committed = completed(drafted, _listed(report))
    context.write(artifacts.MANIFEST, committed)
    context.log.info(
        "committed",
        outcome=committed.outcome,
        clips=len(committed.clips),
        missing=[clip.id for clip in committed.missing],
        files=len(committed.artifacts),
    )


def _receipts(context: Context[PublishParams]) -> list[FiledReceipt]:
    """All receipts but publish's own of an earlier attempt."""
    root, found = context.inputs, []
    for path in artifacts.RECEIPTS.files(root):
        receipt = Receipt.from_file(root / path)
        if receipt.step != context.step.name:
            found.append(FiledReceipt(receipt, fingerprint_of(root, str(path))))
    return found


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _listed(made: Mapping[Port, bytes]) -> list[Fingerprint]:
    return [
        Fingerprint(path=port.path, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
        for port, data in made.items()
    ]
