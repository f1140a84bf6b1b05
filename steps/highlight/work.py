"""The work of highlight: words and sound in, chunks, plan and summary out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import rfc8785

from steps.contract import Context
from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate, parse_lengths, score_passages
from steps.highlight.choose import choose, shortfall, too_short
from steps.highlight.describe import position_title, summary_of, title_of
from steps.highlight.given import parse_spans
from steps.highlight.keywords import summarise, top_words, weigh_words
from steps.highlight.position import position_candidates
from steps.highlight.sentences import Sentence, chunk_sentences, split_sentences
from steps.media.audio import loudness
from steps.model import artifacts
from steps.model.clips import Chunk, Chunks, Clip, Clips, ClipSummary, Summary
from steps.model.timing import Span

KEYWORDS = 10
LEVEL_MS = 100
FULL_SCALE = 32768


def run(context: Context[HighlightParams]) -> None:
    """Choose the clips; see the package's modules for how."""
    params = context.params
    duration_ms = context.read(artifacts.SOURCE_META).duration_ms
    sentences = _sentences(context)
    heard = _levels(context)
    context.progress.report(1, 3)

    ranges = parse_lengths(params.lengths)
    bounds = Span(in_ms=0, out_ms=duration_ms)
    method: Literal["given", "scorer", "position"]
    if params.at:
        method, candidates = "given", parse_spans(params.at, duration_ms)
    elif sentences:
        method = "scorer"
        candidates = score_passages(sentences, ranges, bounds, heard, LEVEL_MS)
    else:
        method = "position"
        candidates = position_candidates(duration_ms, ranges, params.clips, heard, LEVEL_MS)
        context.degrade("no-speech", "no speech was found: clips are chosen by place and loudness")
    allowed = candidates if params.at else _unflagged(context, candidates)
    asked = len(candidates) if params.at else params.clips
    chosen = (
        allowed
        if params.at
        else choose(allowed, asked, params.min_gap_ms, lambda item: _text(sentences, item.span))
    )
    short = not params.at and any(
        item.span.duration_ms < min(low for low, _ in ranges) for item in chosen
    )
    if short:
        context.degrade("short-source", too_short(params.lengths))
    context.progress.report(2, 3)

    weights = weigh_words([sentence.text for sentence in sentences])
    clips, summaries = _describe(chosen, sentences, weights)
    context.write(artifacts.CHUNKS, _chunks(sentences, candidates))
    context.write(
        artifacts.CLIPS,
        Clips(
            asked=asked,
            method=method,
            reason=shortfall(asked, len(clips), len(allowed), params.lengths, short=short),
            clips=tuple(clips),
        ),
    )
    ids = rfc8785.dumps([clip.id for clip in clips])
    context.output(artifacts.CLIP_IDS).write_bytes(ids)
    context.write(
        artifacts.SUMMARY,
        Summary(
            summary=" ".join(sentence.text for sentence in summarise(sentences, weights)),
            keywords=top_words(weights, list(weights), KEYWORDS),
            clips=tuple(summaries),
        ),
    )
    context.log.info("chosen", clips=len(clips), candidates=len(candidates), method=method)


def _levels(context: Context[HighlightParams]) -> list[int]:
    """Loudness of each `LEVEL_MS` of the sound, in tenths of dBFS; empty without sound."""
    if not context.has(artifacts.AUDIO):
        return []
    rms = loudness(context.input(artifacts.AUDIO), LEVEL_MS).tolist()
    return [round(200 * math.log10(max(1, level) / FULL_SCALE)) for level in rms]


def _sentences(context: Context[HighlightParams]) -> list[Sentence]:
    if not context.has(artifacts.TRANSCRIPT):
        return []
    return split_sentences(context.read(artifacts.TRANSCRIPT).words)


def _unflagged(
    context: Context[HighlightParams], candidates: Sequence[Candidate]
) -> Sequence[Candidate]:
    """The candidates in which moderation found nothing."""
    if not context.has(artifacts.MODERATION):
        return candidates
    times = [finding.time_ms for finding in context.read(artifacts.MODERATION).findings]
    kept = [item for item in candidates if not any(item.span.contains(time) for time in times)]
    if len(kept) < len(candidates):
        context.degrade(
            "moderated", "passages in which moderation found something were passed over"
        )
    return kept


def _within(sentences: Sequence[Sentence], span: Span) -> list[Sentence]:
    return [item for item in sentences if span.in_ms <= item.in_ms and item.out_ms <= span.out_ms]


def _text(sentences: Sequence[Sentence], span: Span) -> str:
    return " ".join(sentence.text for sentence in _within(sentences, span))


def _describe(
    chosen: Sequence[Candidate], sentences: Sequence[Sentence], weights: dict[str, float]
) -> tuple[list[Clip], list[ClipSummary]]:
    best_first = sorted(chosen, key=lambda item: item.rank_key)
    clips, summaries = [], []
    for number, candidate in enumerate(chosen, start=1):
        spoken = _within(sentences, candidate.span)
        clip = Clip(
            id=f"clip_{number:02}",
            in_ms=candidate.span.in_ms,
            out_ms=candidate.span.out_ms,
            title=title_of(spoken, weights) if spoken else position_title(candidate.span.in_ms),
            score=candidate.score,
            rank=best_first.index(candidate) + 1,
        )
        clips.append(clip)
        summaries.append(summary_of(clip, candidate, spoken, weights))
    return clips, summaries


def _chunks(sentences: Sequence[Sentence], candidates: Sequence[Candidate]) -> Chunks:
    """Chunks with the score of the best candidate that holds most of each."""
    chunks = []
    for number, run_of in enumerate(chunk_sentences(sentences), start=1):
        span = Span(in_ms=run_of[0].in_ms, out_ms=run_of[-1].out_ms)
        holding = [
            item.score for item in candidates if 2 * item.span.overlap_ms(span) >= span.duration_ms
        ]
        chunks.append(
            Chunk(
                id=f"chunk_{number:03}",
                in_ms=span.in_ms,
                out_ms=span.out_ms,
                text=" ".join(sentence.text for sentence in run_of),
                score=max(holding, default=0),
            )
        )
    return Chunks(chunks=tuple(chunks))
