"""The work of highlight: words and sound in, chunks, plan and summary out."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

import rfc8785

from steps.contract import Context
from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate, score_passages
from steps.highlight.choose import shortfall, too_short
from steps.highlight.decide import Decision, decide
from steps.highlight.describe import position_title, shorten, summary_of, title_of
from steps.highlight.engines.protocol import Speech
from steps.highlight.keywords import summarise, top_words, weigh_words
from steps.highlight.music import rights_note
from steps.highlight.position import position_candidates
from steps.highlight.sentences import Sentence, chunk_sentences, split_sentences
from steps.media.audio import loudness
from steps.model import artifacts
from steps.model.clips import (
    MAX_TEXT_CHARACTERS,
    Chunk,
    Chunks,
    Clip,
    Clips,
    ClipSummary,
    Summary,
)
from steps.model.time_ranges import parse_lengths, parse_spans
from steps.model.timing import Span

KEYWORDS = 10
LEVEL_MS = 100
FULL_SCALE = 32768


def run(context: Context[HighlightParams]) -> None:
    """Choose the clips; see the package's modules for how."""
    params = context.params
    duration_ms = context.read(artifacts.SOURCE_META).duration_ms
    heard = context.read(artifacts.TRANSCRIPT) if context.has(artifacts.TRANSCRIPT) else None
    sentences = split_sentences(heard.words) if heard else []
    ranges = parse_lengths(params.lengths)
    levels = _levels(context)
    context.progress.report(1, 3)

    method: Literal["given", "position"] | None = None
    wanted = params.clips
    if params.at:
        method = "given"
        candidates = [Candidate(span, score=1000) for span in parse_spans(params.at, duration_ms)]
        allowed, wanted = candidates, len(candidates)
    else:
        if sentences:
            bounds = Span(in_ms=0, out_ms=duration_ms)
            candidates = score_passages(sentences, ranges, bounds, levels, LEVEL_MS)
        else:
            method = "position"
            candidates = position_candidates(duration_ms, ranges, params.clips, levels, LEVEL_MS)
            context.degrade(
                "no-speech", "no speech was found: clips are chosen by place and loudness"
            )
        allowed = _unflagged(context, candidates)

    speech = Speech(sentences, heard.language if heard else "")
    decision = decide(context, allowed, speech)
    chosen = decision.chosen
    short = not params.at and any(item.span.duration_ms < ranges[0][0] for item in chosen)
    if short:
        context.degrade("short-source", too_short(params.lengths))
    context.progress.report(2, 3)

    weights = weigh_words([sentence.text for sentence in sentences])
    clips, summaries = _describe(decision, speech, weights)
    if note := rights_note(clips, heard.sounds if heard else ()):
        context.degrade("music-rights", note)
    context.write(artifacts.CHUNKS, _chunks(sentences, candidates))
    context.write(
        artifacts.CLIPS,
        Clips(
            asked=wanted,
            method=method or decision.method,
            reason=shortfall(wanted, len(clips), len(allowed), params.lengths, short=short),
            clips=tuple(clips),
        ),
    )
    ids = rfc8785.dumps([clip.id for clip in clips])
    context.output(artifacts.CLIP_IDS).write_bytes(ids)
    context.write(
        artifacts.SUMMARY,
        Summary(
            summary=decision.telling.summary
            or shorten(
                " ".join(sentence.text for sentence in summarise(sentences, weights)),
                MAX_TEXT_CHARACTERS,
            ),
            keywords=decision.telling.keywords or top_words(weights, list(weights), KEYWORDS),
            clips=tuple(summaries),
            chapters=decision.telling.chapters,
        ),
    )
    context.log.info("chosen", clips=len(clips), candidates=len(candidates), method=decision.method)


def _levels(context: Context[HighlightParams]) -> list[int]:
    """Loudness of each `LEVEL_MS` of the sound, in tenths of dBFS; empty without sound."""
    if not context.has(artifacts.AUDIO):
        return []
    rms = loudness(context.input(artifacts.AUDIO), LEVEL_MS).tolist()
    return [round(200 * math.log10(max(1, level) / FULL_SCALE)) for level in rms]


def _unflagged(context: Context[HighlightParams], candidates: list[Candidate]) -> list[Candidate]:
    """The candidates in which moderation found nothing."""
    if not context.has(artifacts.MODERATION):
        return candidates
    times = sorted(finding.time_ms for finding in context.read(artifacts.MODERATION).findings)
    kept = [
        item
        for item in candidates
        if bisect_left(times, item.span.in_ms) == bisect_left(times, item.span.out_ms)
    ]
    if len(kept) < len(candidates):
        context.degrade(
            "moderated", "passages in which moderation found something were passed over"
        )
    return kept


def _describe(
    decision: Decision, speech: Speech, weights: dict[str, float]
) -> tuple[list[Clip], list[ClipSummary]]:
    best_first = sorted(decision.chosen, key=lambda item: item.rank_key)
    clips, summaries = [], []
    for number, (candidate, naming) in enumerate(
        zip(decision.chosen, decision.namings, strict=True), start=1
    ):
        spoken = [speech.sentences[one] for one in speech.within(candidate.span)]
        title = title_of(spoken, weights) if spoken else position_title(candidate.span.in_ms)
        clip = Clip(
            id=f"clip_{number:02}",
            in_ms=candidate.span.in_ms,
            out_ms=candidate.span.out_ms,
            title=naming.title or title,
            score=candidate.score,
            rank=best_first.index(candidate) + 1,
        )
        clips.append(clip)
        summaries.append(naming.over(summary_of(clip, candidate, spoken, weights)))
    return clips, summaries


def _chunks(sentences: Sequence[Sentence], candidates: Sequence[Candidate]) -> Chunks:
    """Chunks with the score of the best candidate that has most of each in it.

    Args:
        sentences: of the whole source.
        candidates: in order of their in points.
    """
    starts = [item.span.in_ms for item in candidates]
    longest_ms = max((item.span.duration_ms for item in candidates), default=0)
    chunks = []
    for number, run_of in enumerate(chunk_sentences(sentences), start=1):
        span = Span(in_ms=run_of[0].in_ms, out_ms=run_of[-1].out_ms)
        near = candidates[
            bisect_left(starts, span.in_ms - longest_ms) : bisect_right(starts, span.out_ms)
        ]
        scores = [item.score for item in near if 2 * item.span.overlap_ms(span) >= span.duration_ms]
        chunks.append(
            Chunk(
                id=f"chunk_{number:03}",
                in_ms=span.in_ms,
                out_ms=span.out_ms,
                text=shorten(" ".join(sentence.text for sentence in run_of), MAX_TEXT_CHARACTERS),
                score=max(scores, default=0),
            )
        )
    return Chunks(chunks=tuple(chunks))
