"""The manifest out of the receipts. Pure: the same receipts give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from steps.contract.errors import BrokenContract, one_line
from steps.contract.ports import clip_of
from steps.contract.receipt import Fingerprint, Used
from steps.model.clips import Clips
from steps.model.manifest import FAILED, Delivered, Manifest, TaskDegradation, TaskRecord
from steps.publish.results import FiledReceipt, JobResults, commonest, error_of


def manifest(
    version: str,
    source_sha256: str,
    plan: Clips,
    results: JobResults,
    read: Iterable[Fingerprint],
    masked: Mapping[str, int] | None = None,
) -> Manifest:
    """What the job's tasks made; `completed` adds what publish itself makes.

    Args:
        version: of clipmill.
        source_sha256: of the source.
        plan: the clips that were chosen.
        results: what the receipts amount to.
        read: the documents that this was concluded from; a receipt must account for each.
        masked: how many swear words are masked, by clip.

    Raises:
        StepError: no clip of the plan was rendered; the leaf is that of the commonest failure.
        BrokenContract: a document that was read is not the one that a task made.
    """
    for item in read:
        if results.produced.get(item.path) != item:
            raise BrokenContract(f"no receipt lists this {item.path}: rerun the job")
    if plan.clips and not results.delivered:
        count = f"none of the {len(results.missing)} clips was rendered"
        raise error_of(commonest(results.missing), count)
    files = [*results.produced.values()]
    files += [one.file for one in (*results.done, *results.failed)]
    artifacts = sorted(files, key=lambda item: item.path)
    titles = {clip.id: clip.title for clip in plan.clips}
    outcome, reason = _outcome(plan, results)
    return Manifest(
        clipmill=version,
        outcome=outcome,
        reason=reason,
        source_sha256=source_sha256,
        clips=tuple(
            Delivered(
                id=clip,
                title=titles[clip_of(clip)],
                files=_files_of(clip, artifacts),
                failed_checks=_failed_checks(clip, results.done),
                masked_words=(masked or {}).get(clip_of(clip), 0),
            )
            for clip in results.delivered
        ),
        missing=results.missing,
        tasks=tuple(_task(one) for one in results.done),
        models=_models(results.done),
        degradations=_degradations(results.done),
        artifacts=tuple(artifacts),
    )


def completed(drafted: Manifest, made: Iterable[Fingerprint]) -> Manifest:
    """The manifest with the files that publish itself adds to the job."""
    artifacts = sorted((*drafted.artifacts, *made), key=lambda item: item.path)
    return drafted.model_copy(update={"artifacts": tuple(artifacts)})


def _outcome(
    plan: Clips, results: JobResults
) -> tuple[Literal["complete", "partial", "empty"], str]:
    if not plan.clips:
        return "empty", plan.reason or "no clip was chosen"
    if not results.missing:
        return "complete", ""
    ids = ", ".join(clip.id for clip in results.missing)
    failure = commonest(results.missing)
    whole = len(results.missing) + len(results.delivered)
    count = f"{len(results.missing)} of {whole} clips are missing ({ids})"
    return "partial", one_line(f"{count}: {failure.message}")


def _files_of(clip: str, artifacts: list[Fingerprint]) -> tuple[str, ...]:
    own = (f"clips/{clip}.", f"checks/{clip}.")
    return tuple(item.path for start in own for item in artifacts if item.path.startswith(start))


def _failed_checks(clip: str, done: Iterable[FiledReceipt]) -> tuple[str, ...]:
    codes = (item.code for one in done if one.clip == clip for item in one.receipt.degradations)
    return tuple(code.removeprefix(FAILED) for code in codes if code.startswith(FAILED))


def _task(one: FiledReceipt) -> TaskRecord:
    receipt = one.receipt
    return TaskRecord(
        task=receipt.task,
        step=receipt.step,
        version=receipt.version,
        params=receipt.params,
        engines=receipt.engines,
        packages=receipt.packages,
        kernels=receipt.kernels,
    )


def _models(done: Iterable[FiledReceipt]) -> tuple[Used, ...]:
    used = {(item.name, item.sha256): item for one in done for item in one.receipt.models}
    return tuple(used[key] for key in sorted(used))


def _degradations(done: Iterable[FiledReceipt]) -> tuple[TaskDegradation, ...]:
    found = {
        TaskDegradation(task=one.receipt.task, code=item.code, message=item.message)
        for one in done
        for item in one.receipt.degradations
    }
    return tuple(sorted(found, key=lambda item: (item.task, item.code, item.message)))
