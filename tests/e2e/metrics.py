"""The metrics of Argo's controller."""

import re

import httpx

from tests.comparisons import not_compared
from tests.e2e.surroundings import Surroundings

LINE = re.compile(r"^argo_workflows_(clipmill_\w+?)(?:\{(.*)\})? (\S+)$")
Sample = tuple[str, frozenset[str]]


def samples(surroundings: Surroundings) -> dict[Sample, float]:
    """The value of each of clipmill's series, by name and labels; skips without an address."""
    if not surroundings.metrics:
        not_compared("the metrics of Argo's controller", "set E2E_METRICS to their address")
    text = httpx.get(surroundings.metrics, verify=False, timeout=30).text
    found = (LINE.match(line) for line in text.splitlines())
    return {
        (match[1], frozenset((match[2] or "").split(","))): float(match[3])
        for match in found
        if match
    }


def total(found: dict[Sample, float], name: str, *labels: str) -> float:
    """The sum over the series of a name that have these labels."""
    return sum(
        value for (own, had), value in found.items() if own == name and had.issuperset(labels)
    )
