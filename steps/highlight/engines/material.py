"""Speech as a model sees it: marked lines with the numbers of their sentences, of bounded size.

The speech is untrusted. Each sentence is one printable line that begins with a mark, made from a
digest of the lines, and with its number. Nothing that is said can begin a line of its own. Signs
that tokens with a meaning are made of (`<|im_end|>`, `[INST]`, JSON, fences) are replaced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from steps.contract.redaction import one_line
from steps.highlight.engines.protocol import Speech
from steps.model.timing import Span

CONTEXT_MS = 30_000
"""What is shown before and after a passage."""
WINDOW_BYTES = 6000
"""Of speech in a question. With its instructions and its answer, a question stays under 4,096
tokens, the smallest context that servers give a model by default. Bytes, because a letter of most
scripts is more tokens than a Latin one."""
PASSAGE_BYTES = 2000
"""Of each of two passages that are compared: 130 questions have to be read in minutes."""
LINE_BYTES = 600
"""Of one sentence: 20 s of fast speech have about 500."""
LEFT_OUT = "…"

_SIGNS = str.maketrans("<>[]{}|`", "()()()/'")


@dataclass(frozen=True)
class Extract:
    """A part of the speech, and what in it is asked about.

    Attributes:
        lines: the ids of its sentences, in order.
        members: indices of the spans that it was made for.
    """

    lines: tuple[int, ...]
    members: tuple[int, ...]


def bounded(text: str, limit: int) -> str:
    """Speech as one printable line of about `limit` bytes at most, its middle left out."""
    line = one_line(text, limit=len(text) + 1).translate(_SIGNS)
    data = line.encode()
    if len(data) <= limit:
        return line
    opening, end = data[: limit * 2 // 3], data[-(limit // 3) :]
    return f"{opening.decode(errors='ignore')} {LEFT_OUT} {end.decode(errors='ignore')}"


def marked(title: str, lines: Sequence[tuple[int, str]]) -> str:
    """Numbered lines of untrusted text, each with the mark that the first line names."""
    texts = [f"{number} {text}" for number, text in lines]
    mark = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:6]
    return "\n".join(
        [f"{title}: lines that begin with {mark}", *(f"{mark} {one}" for one in texts)]
    )


def spoken(title: str, speech: Speech, ids: Sequence[int]) -> str:
    """Sentences of the speech as marked lines; what is left out between them shows."""
    lines = []
    for before, one in zip([None, *ids], ids, strict=False):
        gap = f"{LEFT_OUT} " if before is not None and one != before + 1 else ""
        lines.append((one, gap + bounded(speech.sentences[one].text, LINE_BYTES)))
    return marked(title, lines)


def size(speech: Speech, one: int) -> int:
    """Bytes of a sentence's line, with its mark, its number and its end."""
    return min(LINE_BYTES, len(speech.sentences[one].text.encode())) + len(f"{one}") + 9


def fitted(speech: Speech, ids: Sequence[int], limit: int) -> tuple[int, ...]:
    """The ids whose lines fit into `limit` bytes: the opening and the end, not the middle."""
    room = limit - sum(size(speech, one) for one in ids)
    if room >= 0:
        return tuple(ids)
    opening: list[int] = []
    end: list[int] = []
    for kept, order, share in ((opening, ids, limit * 2 // 3), (end, reversed(ids), limit // 3)):
        for one in order:
            share -= size(speech, one)
            if share < 0:
                break
            kept.append(one)
    return (*opening, *reversed([one for one in end if one not in opening]))


def around(speech: Speech, span: Span) -> tuple[int, ...]:
    """The sentences of a passage and `CONTEXT_MS` around it, less context where it does not fit."""
    own = speech.within(span)
    wide = Span(in_ms=max(0, span.in_ms - CONTEXT_MS), out_ms=span.out_ms + CONTEXT_MS)
    context = speech.within(wide)
    room = WINDOW_BYTES - sum(size(speech, one) for one in own)
    if room < 0:
        return fitted(speech, own, WINDOW_BYTES)
    first, end = own.start, own.stop
    while True:
        begun = first, end
        if first > context.start and size(speech, first - 1) <= room:
            first -= 1
            room -= size(speech, first)
        if end < context.stop and size(speech, end) <= room:
            room -= size(speech, end)
            end += 1
        if (first, end) == begun:
            return tuple(range(first, end))


def windows(speech: Speech, spans: Sequence[Span]) -> list[Extract]:
    """Windows that show every span with its context; near spans share one.

    Questions about one window have the same beginning, which a server computes once.

    Args:
        speech: of the source.
        spans: in order of their in points, then of their out points.
    """
    found: list[Extract] = []
    for number, span in enumerate(spans):
        lines = around(speech, span)
        if found and lines and found[-1].lines:
            last = found[-1]
            both = tuple(range(last.lines[0], max(last.lines[-1], lines[-1]) + 1))
            whole = len(last.lines) == last.lines[-1] - last.lines[0] + 1
            fits = sum(size(speech, one) for one in both) <= WINDOW_BYTES
            if whole and fits and last.lines[0] <= lines[0] <= last.lines[-1]:
                found[-1] = Extract(both, (*last.members, number))
                continue
        found.append(Extract(lines, (number,)))
    return found


def parts(speech: Speech, most: int) -> list[tuple[int, ...]]:
    """The whole speech as at most `most` windows; of a longer speech the middles are left out."""
    sizes = [size(speech, one) for one in range(len(speech.sentences))]
    limit = max(WINDOW_BYTES, sum(sizes) // most + LINE_BYTES + 20)
    found: list[list[int]] = []
    filled = limit
    for one, bytes_ in enumerate(sizes):
        if filled + bytes_ > limit:
            found.append([])
            filled = 0
        found[-1].append(one)
        filled += bytes_
    return [fitted(speech, ids, WINDOW_BYTES) for ids in found]
