"""What a job was asked for, in words and as options. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steps.contract.errors import BadInput
from steps.contract.params import flag
from steps.model.manifest import TaskRecord
from steps.model.time_ranges import parse_lengths
from steps.publish.wording import count, decimal

OPTIONS = (
    "clips", "lengths", "at", "range", "exclude", "prompt", "avoid", "audience", "platform",
    "style", "captions", "layout", "aspect", "size", "fps", "language", "text_language",
    "translate", "profanity", "moderation", "policy",
)  # fmt: skip
"""The params that a creator knows, in the order of the report."""
WISHES = {
    "prompt": "prompt “{}”",
    "avoid": "avoiding “{}”",
    "range": "chosen from {}",
    "exclude": "nothing from {}",
    "audience": "for {}",
    "text_language": "titles in the language {}",
    "translate": "captions translated to {}",
}


def asked_options(tasks: Sequence[TaskRecord]) -> list[tuple[str, str]]:
    """The options that matter to a creator, with the values that the job had."""
    values = _values(tasks)
    return [(flag(name), values[name]) for name in OPTIONS if values.get(name)]


def asked_in_words(tasks: Sequence[TaskRecord]) -> str:
    """`3 clips of 15 to 60 s, 9:16, captions in the style bold`."""
    values = _values(tasks)
    parts = []
    if values.get("at"):
        parts.append(f"the passages {values['at']}")
    elif values.get("clips"):
        parts.append(count(int(values["clips"]), "clip") + _lengths(values.get("lengths", "")))
    if values.get("aspect"):
        parts.append(values["aspect"].replace(",", " and "))
    if values.get("captions") == "burn":
        style = values.get("style", "")
        parts.append(f"captions in {f'the style {style}' if style.isalpha() else 'an own style'}")
    elif values.get("captions"):
        parts.append("captions as files")
    if values.get("platform", "any") != "any":
        parts.append(f"for {values['platform']}")
    parts += [text.format(values[name]) for name, text in WISHES.items() if values.get(name)]
    return ", ".join(parts)


def _values(tasks: Sequence[TaskRecord]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for task in tasks:
        for name, value in task.params.items():
            values.setdefault(name, value)
    return values


def _lengths(text: str) -> str:
    """` of 15 to 60 s`; ranges that touch are one; empty where nobody can read the text."""
    try:
        ranges = parse_lengths(text)
    except BadInput:
        return ""
    joined: list[tuple[int, int]] = []
    for low, high in ranges:
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return " of " + " or ".join(f"{_s(low)} to {_s(high)} s" for low, high in joined)


def _s(time_ms: int) -> str:
    return decimal(time_ms, 1000, 1).removesuffix(".0")
