"""Read the plan and the receipts, write the edit list and the manifest."""

from __future__ import annotations

from importlib.metadata import version

from steps.contract import Context, Document
from steps.contract.ports import Port
from steps.contract.receipt import Fingerprint, Receipt
from steps.contract.receipt import fingerprint as fingerprint_of
from steps.model import artifacts
from steps.publish import PublishParams
from steps.publish.edits import edit_list
from steps.publish.manifest import manifest
from steps.publish.results import FiledReceipt, sort_receipts


def fingerprint(_params: PublishParams) -> None:
    """Never cached: it is the commit itself, and takes no time."""


def run(context: Context[PublishParams]) -> None:
    """Commit the job."""
    meta = context.read(artifacts.SOURCE_META)
    plan = context.read(artifacts.CLIPS)
    results = sort_receipts(plan, _receipts(context))
    edl = edit_list(meta, plan, results.delivered)
    committed = manifest(
        version("clipmill"),
        meta.source_sha256,
        plan,
        results,
        read=[
            fingerprint_of(context.inputs, port.path)
            for port in (artifacts.SOURCE_META, artifacts.CLIPS)
        ],
        made=[_of_document(artifacts.EDL, edl)],
    )
    context.write(artifacts.EDL, edl)
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


def _of_document(port: Port, document: Document) -> Fingerprint:
    return Fingerprint(
        path=port.path, sha256=document.sha256(), size_bytes=len(document.canonical_bytes())
    )
