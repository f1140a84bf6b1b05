"""The verdict on the clips: moderate's findings with those of detect."""

from __future__ import annotations

from collections.abc import Sequence

from steps.contract import Context
from steps.contract.errors import Blocked, BrokenContract
from steps.detect import DetectParams
from steps.detect.guard import Guard
from steps.model import artifacts
from steps.model.clips import Clip
from steps.model.geometry import Size
from steps.model.moderation import Finding, Moderation
from steps.moderation.policy import log_findings, named, reason, repeated, shown, verdict
from steps.moderation.veils import veils


def moderated_before(context: Context[DetectParams]) -> Moderation:
    """What moderate found.

    Raises:
        BrokenContract: it is absent, and somebody is to look.
    """
    if context.has(artifacts.FINDINGS):
        return context.read(artifacts.FINDINGS)
    if context.params.moderation == "off":
        return Moderation(policy="off", verdict="unchecked", frames=0, findings=())
    raise BrokenContract(
        "findings.json is missing: rerun the job to recreate it, or set --moderation=off"
    )


def guard_of(context: Context[DetectParams], before: Moderation, size: Size) -> Guard | None:
    """What looks at the clips; None where nobody is to look, and nothing is loaded."""
    if before.policy == "off":
        return None
    guard: Guard = context.use(
        "classifier", lambda classifier: Guard(classifier, before.rules, size, context.output)
    )
    return guard


def moderated(
    context: Context[DetectParams],
    before: Moderation,
    found: Sequence[tuple[Clip, Sequence[Finding]]],
    frames: int,
    size: Size,
) -> Moderation:
    """What the policy found in the source and in its clips.

    Args:
        context: of the step; a clip with flagged findings is reported.
        before: what moderate found.
        found: in the samples of each clip.
        frames: how many samples were looked at.
        size: of the upright source.

    Raises:
        Blocked: a clip shows what the policy blocks; no clip is made.
    """
    known = {(item.label, item.time_ms) for item in before.findings}
    fresh = [item for _, own in found for item in own if (item.label, item.time_ms) not in known]
    findings = repeated(named([*before.findings, *fresh], before.rules), before.rules)
    old = set(before.findings)
    log_findings(context.log, [item for item in findings if item not in old])
    for clip, _ in found:
        counted = [item for item in findings if clip.contains(item.time_ms)]
        if blocking := [item for item in counted if item.action == "block"]:
            raise Blocked(reason(blocking, clip.id))
        if flagged := [item for item in counted if item.action == "flag"]:
            context.degrade(
                "flagged-in-clip", f"{clip.id} shows {shown(flagged)}: look at it before you use it"
            )
    return before.model_copy(
        update={
            "verdict": verdict(before.policy, findings),
            "frames": before.frames + frames,
            "findings": findings,
            "veils": veils(findings, size),
        }
    )
