"""Whether a part of the source can be copied, by what `steps.media.cuts` promises. Pure."""

from __future__ import annotations

from collections.abc import Collection

from steps.media.cuts import LONGEST_MS
from steps.media.survey import Survey
from steps.model.geometry import Size


def common_size(found: Collection[Survey], stated: Size) -> Size:
    """The size of all cuts: the largest of any picture, so that no picture loses detail.

    Args:
        found: what the cuts hold; without any, nothing is cut.
        stated: of the source; kept where it is as large as any.
    """
    sizes = [stated] if not found else []
    sizes += [form.size for one in found for form in one.forms]
    largest = max(size.width_px * size.height_px for size in sizes)
    fitting = [size for size in sizes if size.width_px * size.height_px == largest]
    return stated if stated in fitting else fitting[0]


def irregularity(found: Survey, size: Size) -> str:
    """Why a part cannot be copied, as the end of a sentence; empty when it can."""
    if len(found.forms) > 1:
        return f"they change from {' to '.join(map(str, found.forms))}"
    if found.forms[0].size != size:
        return f"they are {found.forms[0]}, those of other clips {size.width_px}x{size.height_px}"
    if found.is_mixed:
        return "some of them are interlaced and some are not"
    if not found.is_stated:
        return "the shape of their pixels is not what the file states"
    if found.longest_ms > LONGEST_MS:
        return f"one of them stays on screen for {found.longest_ms / 1000:.1f} s"
    return ""
