"""The manifest out of the receipts. Pure: the same receipts give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from steps.contract.errors import BrokenContract, one_line
from steps.contract.receipt import Fingerprint, Used
from steps.model.clips import Clips
from steps.model.manifest import Delivered, Manifest, TaskDegradation, TaskRecord
from steps.publish.accounts import Accounts, Filed, commonest, error_of


def manifest(
    version: str,
    source_sha256: str,
    plan: Clips,
    accounts: Accounts,
    read: Iterable[Fingerprint],
    made: Iterable[Fingerprint],
) -> Manifest:
    """Commit a job.

    Args:
        version: of clipmill.
        source_sha256: of the source.
        plan: the clips that were chosen.
        accounts: what the receipts amount to.
        read: the documents that this was concluded from; a receipt must account for each.
        made: what publish itself adds to the job.

    Raises:
        StepError: no clip of the plan was rendered; the leaf is that of the commonest failure.
        BrokenContract: a document that was read is not the one that a task made.
    """
    for item in read:
        if accounts.produced.get(item.path) != item:
            raise BrokenContract(f"no receipt accounts for this {item.path}: run the job again")
    if plan.clips and not accounts.delivered:
        count = f"none of the {len(plan.clips)} clips was rendered"
        raise error_of(commonest(accounts.missing), count)
    files = [*accounts.produced.values(), *made]
    files += [one.file for one in (*accounts.done, *accounts.failed)]
    artifacts = sorted(files, key=lambda item: item.path)
    titles = {clip.id: clip.title for clip in plan.clips}
    outcome, reason = _outcome(plan, accounts)
    return Manifest(
        clipmill=version,
        outcome=outcome,
        reason=reason,
        source_sha256=source_sha256,
        clips=tuple(
            Delivered(id=clip, title=titles[clip], files=_files_of(clip, artifacts))
            for clip in accounts.delivered
        ),
        missing=accounts.missing,
        tasks=tuple(_task(one) for one in accounts.done),
        models=_models(accounts.done),
        degradations=_degradations(accounts.done),
        artifacts=tuple(artifacts),
    )


def _outcome(
    plan: Clips, accounts: Accounts
) -> tuple[Literal["complete", "partial", "empty"], str]:
    if not plan.clips:
        return "empty", plan.reason or "no clip was chosen"
    if not accounts.missing:
        return "complete", ""
    ids = ", ".join(clip.id for clip in accounts.missing)
    failure = commonest(accounts.missing)
    count = f"{len(accounts.missing)} of {len(plan.clips)} clips are missing ({ids})"
    return "partial", one_line(f"{count}: {failure.message}")


def _files_of(clip: str, artifacts: Iterable[Fingerprint]) -> tuple[str, ...]:
    return tuple(item.path for item in artifacts if item.path.startswith(f"clips/{clip}."))


def _task(one: Filed) -> TaskRecord:
    receipt = one.receipt
    return TaskRecord(
        task=receipt.task,
        step=receipt.step,
        version=receipt.version,
        params=receipt.params,
        packages=receipt.packages,
    )


def _models(done: Iterable[Filed]) -> tuple[Used, ...]:
    used = {(item.name, item.sha256): item for one in done for item in one.receipt.models}
    return tuple(used[key] for key in sorted(used))


def _degradations(done: Iterable[Filed]) -> tuple[TaskDegradation, ...]:
    found = {
        TaskDegradation(task=one.receipt.task, code=item.code, message=item.message)
        for one in done
        for item in one.receipt.degradations
    }
    return tuple(sorted(found, key=lambda item: (item.task, item.code, item.message)))
