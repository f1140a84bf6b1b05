"""Which receipts count: those of the present plan, that fit together. Pure.

A job folder may hold receipts of an earlier attempt: of clips that are no longer in the plan, or of
another plan with the same clip id. Neither is delivered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from steps.contract.errors import (
    BrokenContract,
    HostFault,
    StepError,
    Transient,
    leaf_of,
    one_line,
)
from steps.contract.receipt import Failure, Fingerprint, Receipt
from steps.model import artifacts
from steps.model.manifest import Missing


@dataclass(frozen=True)
class FiledReceipt:
    """A receipt, and the file that it was read from."""

    receipt: Receipt
    file: Fingerprint

    @property
    def clip(self) -> str:
        """The rendition's id in the receipt of a task that runs once for each, else empty."""
        return self.receipt.task.removeprefix(self.receipt.step).removeprefix("-")


@dataclass(frozen=True)
class JobResults:
    """What the receipts amount to.

    Attributes:
        done: receipts of the plan's finished tasks, in order of their tasks.
        failed: receipts of the renditions that failed, in order of their tasks.
        produced: every file that the finished tasks made, by path.
        delivered: ids of what was rendered, in the order of `ids`.
        missing: the others, in that order.
    """

    done: tuple[FiledReceipt, ...]
    failed: tuple[FiledReceipt, ...]
    produced: dict[str, Fingerprint]
    delivered: tuple[str, ...]
    missing: tuple[Missing, ...]


def sort_receipts(ids: Sequence[str], filed: Iterable[FiledReceipt]) -> JobResults:
    """Sort out the receipts of a job.

    Args:
        ids: of what there is to render: each clip of the plan in each aspect.
        filed: every receipt.

    Raises:
        StepError: a task that does not belong to one clip failed; its own leaf.
        HostFault: a clip is missing because its machine failed, which another run would not repeat.
        BrokenContract: two tasks of the job do not fit together.
    """
    ordered = sorted(filed, key=lambda one: one.receipt.task)
    whole = [one for one in ordered if not one.clip]
    per_clip = [one for one in ordered if one.clip in ids]
    for one in whole:
        if one.receipt.failure is not None:
            raise error_of(one.receipt.failure, f"{one.receipt.task} failed")
    produced = _produced(whole)
    for one in whole:
        if path := _misfit(one.receipt, produced):
            raise BrokenContract(
                f"{one.receipt.task} read another {path} than this job has: rerun the job"
            )
    failed = [one for one in per_clip if one.receipt.failure is not None]
    fit = [one for one in per_clip if one not in failed and not _misfit(one.receipt, produced)]
    failures = {one.clip: one.receipt.failure for one in reversed(failed)}
    videos = {output.path for one in fit for output in one.receipt.outputs}
    missing = tuple(
        Missing(id=clip, failure=failures.get(clip) or _lost(clip))
        for clip in ids
        if clip in failures or str(artifacts.CLIP_VIDEO.resolve(clip)) not in videos
    )
    for clip in missing:
        if clip.failure.exit_code == HostFault.exit_code:
            raise error_of(clip.failure, f"{clip.id} is missing")
    absent = {clip.id for clip in missing}
    kept = [one for one in fit if one.clip not in absent]
    return JobResults(
        done=tuple(sorted(whole + kept, key=lambda one: one.receipt.task)),
        failed=tuple(failed),
        produced=_produced(whole + kept),
        delivered=tuple(clip for clip in ids if clip not in absent),
        missing=missing,
    )


def commonest(missing: tuple[Missing, ...]) -> Failure:
    """The failure that most clips share by its exit code; of equals, that of the earliest clip."""
    codes = Counter(clip.failure.exit_code for clip in missing)
    most = max(codes.values())
    return next(clip.failure for clip in missing if codes[clip.failure.exit_code] == most)


def error_of(failure: Failure, what: str) -> StepError:
    """A recorded failure as the leaf of its exit code; a bug's is `StepError` itself."""
    return leaf_of(failure.exit_code)(one_line(f"{what}: {failure.message}"))


def _produced(filed: Iterable[FiledReceipt]) -> dict[str, Fingerprint]:
    found: dict[str, Fingerprint] = {}
    for one in filed:
        for output in one.receipt.outputs:
            if found.setdefault(output.path, output) != output:
                raise BrokenContract(
                    f"two tasks made {output.path}, one of them {one.receipt.task}: rerun the job"
                )
    return found


def _misfit(receipt: Receipt, produced: dict[str, Fingerprint]) -> str:
    """The first input that differs from what the job's tasks made, or nothing."""
    return next((item.path for item in receipt.inputs if produced.get(item.path, item) != item), "")


def _lost(clip: str) -> Failure:
    message = (
        f"the rendering of {clip} left no receipt: it was killed or its machine was lost; "
        "run the job again"
    )
    return Failure(exit_code=Transient.exit_code, error="Lost", message=message)
