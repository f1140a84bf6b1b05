"""The moderation policy: which detections count, what happens with them, and the verdict. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import ValidationError

from steps.contract.errors import BadInput, one_line
from steps.contract.faults import in_words
from steps.formats.settings import nearest, read_settings, settings_text
from steps.model.moderation import Action, Finding, Rule
from steps.model.timing import clock

NAMED = frozenset(
    {
        "ANUS_EXPOSED",
        "BUTTOCKS_EXPOSED",
        "FEMALE_BREAST_EXPOSED",
        "FEMALE_GENITALIA_EXPOSED",
        "MALE_GENITALIA_EXPOSED",
    }
)
"""The classes that the policy names by itself. Faces, feet, bellies, armpits, bare male chests and
covered parts are common in talks and sport."""

KNOWN = NAMED | {
    "ANUS_COVERED",
    "ARMPITS_COVERED",
    "ARMPITS_EXPOSED",
    "BELLY_COVERED",
    "BELLY_EXPOSED",
    "BUTTOCKS_COVERED",
    "FACE_FEMALE",
    "FACE_MALE",
    "FEET_COVERED",
    "FEET_EXPOSED",
    "FEMALE_BREAST_COVERED",
    "FEMALE_GENITALIA_COVERED",
    "MALE_BREAST_EXPOSED",
}
"""The classes of NudeNet 3, which a policy file may name."""

REPEAT_WINDOW_MS = 10_000
"""Pictures of one class count together when they are at most this far apart."""

Verdict = Literal["unchecked", "clean", "flagged"]


Policy = Mapping[str, Rule]
"""The rules by class; a class without one does not count."""


def policy_of(threshold: int, action: Action, text: str = "") -> dict[str, Rule]:
    """The rules of a job.

    Args:
        threshold: of the classes in `NAMED`, and of those that the file gives none.
        action: likewise.
        text: a policy file, TOML or JSON: a table for each class that differs.

    Raises:
        BadInput: the file is malformed, or names a class or a field that does not exist.
    """
    rules = {label: Rule(threshold=threshold, action=action) for label in NAMED}
    for name, given in read_settings(text, "the policy").items() if text else ():
        label = str(name).upper().replace("-", "_")
        if label not in KNOWN:
            near = nearest(label, sorted(KNOWN))
            hint = f"did you mean {near}?" if near else f"choose one of {', '.join(sorted(KNOWN))}"
            raise BadInput(one_line(f"the policy names the unknown class {name!r}: {hint}"))
        if not isinstance(given, dict):
            raise BadInput(
                one_line(f"the policy has {given!r} for {label}: write a table, [{label}]")
            )
        try:
            rules[label] = Rule.model_validate({"threshold": threshold, "action": action, **given})
        except ValidationError as error:
            raise BadInput(one_line(_reason(label, error))) from None
    return rules


def check_policy(data: bytes) -> None:
    """Refuse a policy file that cannot be used; raises as `policy_of` does."""
    policy_of(0, "flag", settings_text(data))


def _reason(label: str, error: ValidationError) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        known = ", ".join(Rule.model_fields)
        return f"the policy for {label} has no field {field!r}: choose one of {known}"
    if field == "action":
        actions = ", ".join(("off", *get_args(Action)))
        return f"the policy for {label} has action {first['input']!r}: choose one of {actions}"
    return f"the policy for {label}: {field}: {in_words(first)}"


def named(detections: Iterable[Finding], rules: Policy) -> tuple[Finding, ...]:
    """The detections that reach their class's threshold, with its action, in order of time."""
    found = []
    for item in detections:
        rule = rules.get(item.label)
        if rule and rule.action != "off" and item.score >= rule.threshold:
            found.append(item.model_copy(update={"action": rule.action}))
    return tuple(sorted(found, key=lambda item: (item.time_ms, -item.score, item.label)))


def repeated(findings: Sequence[Finding], rules: Policy) -> tuple[Finding, ...]:
    """The findings whose class is seen in as many pictures near them as its rule asks for."""
    times: dict[str, list[int]] = {}
    for label in {item.label for item in findings}:
        times[label] = sorted({item.time_ms for item in findings if item.label == label})
    kept = []
    for item in findings:
        own = times[item.label]
        near = own[
            bisect_left(own, item.time_ms - REPEAT_WINDOW_MS) : bisect_right(
                own, item.time_ms + REPEAT_WINDOW_MS
            )
        ]
        if len(near) >= rules[item.label].repeats:
            kept.append(item)
    return tuple(kept)


def verdict(policy: Literal["off", Action], findings: Sequence[Finding]) -> Verdict:
    """The verdict of moderation.json; the action `block` stops the job before that."""
    if policy == "off":
        return "unchecked"
    return "flagged" if findings else "clean"


def log_findings(log: Any, findings: Sequence[Finding]) -> None:
    """Log each class that was found: how often, how sure, from when to when."""
    for label in sorted({item.label for item in findings}):
        own = [item for item in findings if item.label == label]
        best = max(item.score for item in own)
        times = {"first_ms": own[0].time_ms, "last_ms": own[-1].time_ms}
        log.warning("found", label=label, findings=len(own), best_score=best, **times)


def reason(findings: Sequence[Finding], clip: str = "") -> str:
    """One line for a person: what is blocked, the source or a clip, and why."""
    remedy = "leave that part out with --exclude" if clip else "remove that part"
    return (
        f"the policy blocks {clip or 'the source'}: {shown(findings)};"
        f" {remedy}, or set --moderation=flag or blur"
    )


def shown(findings: Sequence[Finding]) -> str:
    """The finding with the highest score, and in how many pictures there is one."""
    surest = max(findings, key=lambda item: (item.score, -item.time_ms))
    label = surest.label.lower().replace("_", " ")
    moments = len({item.time_ms for item in findings})
    return (
        f"{label} at {clock(surest.time_ms)} (score {surest.score} of 1000),"
        f" {moments} picture{'s' * (moments > 1)} in all"
    )
