"""The work of highlight: words and sound in, chunks, plan and summary out."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

from steps.contract import Context, Unusable
from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate
from steps.highlight.choose import shortfall, shortlist, too_short, why_not
from steps.highlight.decide import Decision, decide
from steps.highlight.describe import Describer, position_title, shorten
from steps.highlight.engines import EMBEDDINGS
from steps.highlight.engines.protocol import Speech
from steps.highlight.given import given_candidates
from steps.highlight.keywords import top_words, weigh_words
from steps.highlight.lexicon import lexicon_of
from steps.highlight.moments import ENGLISH, CountScore, TextScore
from steps.highlight.music import rights_note
from steps.highlight.position import position_candidates
from steps.highlight.scoring import score_passages
from steps.highlight.sentences import Sentence, chunk_sentences, split_sentences
from steps.highlight.topics import Topics
from steps.highlight.wishes import MODERATED, Allowed, Wishes
from steps.media.audio import loudness
from steps.model import artifacts
from steps.model.clips import (
    MAX_TEXT_CHARACTERS,
    Chunk,
    Chunks,
    Clip,
    Clips,
    ClipSummary,
    Rejected,
    Summary,
)
from steps.model.languages import plain_language
from steps.model.profanity import masked_document
from steps.model.time_ranges import parse_lengths, parse_spans
from steps.model.timing import Span

SUMMARY_SENTENCES = 3
REJECTED, BARRED = 20, 5
"""How many candidates summary.json keeps: of those that lost, of those that were not allowed."""
OPENING_CHARACTERS = 120
"""Of the words of a rejected candidate."""
KEYWORDS = 10
LEVEL_MS = 100
FULL_SCALE = 32768


def run(context: Context[HighlightParams]) -> None:
    """Choose the clips; see the package's modules for how."""
    params = context.params
    duration_ms = context.read(artifacts.SOURCE_META).duration_ms
    heard = context.read(artifacts.TRANSCRIPT) if context.has(artifacts.TRANSCRIPT) else None
    language = heard.language if heard else ""
    lexicon = lexicon_of(language)
    speech = Speech(split_sentences(heard.words, lexicon) if heard else [], language)
    text = _text_score(context, speech)
    context.progress.report(1, 3)

    candidates = _candidates(context, speech, text, duration_ms)
    allowed, barred = _sorted_out(context, candidates, duration_ms)
    topics = Topics.of(speech, text)
    decision = decide(context, allowed, speech, topics.likeness)
    ranges = parse_lengths(params.lengths)
    short = not params.at and any(item.span.duration_ms < ranges[0][0] for item in decision.chosen)
    if short:
        context.degrade("short-source", too_short(params.lengths))
    context.progress.report(2, 3)

    describer = Describer(topics, lexicon, weigh_words([one.text for one in speech.sentences]))
    clips, summaries = _describe(decision, describer)
    if note := rights_note(clips, heard.sounds if heard else ()):
        context.degrade("music-rights", note)
    method: Literal["scorer", "llm", "position", "given"] = decision.method
    if params.at or not speech.sentences:
        method = "given" if params.at else "position"
    wanted = len(allowed) if params.at else params.clips
    plan = Clips(
        asked=wanted,
        method=method,
        exact=bool(params.at),
        reason=shortfall(wanted, len(clips), len(allowed), params.lengths, short=short),
        clips=tuple(clips),
    )
    whole = range(len(speech.sentences))
    summary = Summary(
        summary=decision.telling.summary or describer.told(whole, SUMMARY_SENTENCES),
        keywords=decision.telling.keywords
        or top_words(describer.weights, list(describer.weights), KEYWORDS),
        clips=tuple(summaries),
        chapters=context.read(artifacts.SOURCE_META).chapters
        or decision.telling.chapters
        or describer.chapters(duration_ms),
        rejected=_rejected(context, decision, barred, topics),
        translation=decision.translation,
        language=_text_language(decision, context.params.text_language),
    )
    languages = (language, *summary.languages) if params.profanity != "keep" else ()
    chunks = _chunks(speech.sentences, candidates)
    context.write(artifacts.CHUNKS, masked_document(chunks, languages))
    context.write(artifacts.PLAN, masked_document(plan, languages))
    context.write(artifacts.SUMMARY, masked_document(summary, languages))
    context.log.info("chosen", clips=len(clips), candidates=len(candidates), method=decision.method)


def _text_language(decision: Decision, wanted: str) -> str:
    """The language of the texts, where a model wrote them in another one than the speech."""
    return plain_language(wanted) if decision.method == "llm" else ""


def _text_score(context: Context[HighlightParams], speech: Speech) -> TextScore | None:
    """What the words say; None without speech."""
    if not speech.sentences:
        return None
    named = context.params.text_score
    if speech.language == ENGLISH:
        score: TextScore = context.use("text_score", lambda make: make(speech.sentences, ENGLISH))
        return score
    if named == EMBEDDINGS.name:
        raise Unusable(
            f"--text-score {named} knows English only, and the speech is in"
            f" {speech.language or 'an unknown language'!r}: use --text-score auto"
        )
    return CountScore(speech.sentences, speech.language)


def _candidates(
    context: Context[HighlightParams], speech: Speech, text: TextScore | None, duration_ms: int
) -> list[Candidate]:
    """All passages that could be a clip, in order of time, with their scores."""
    params = context.params
    ranges = parse_lengths(params.lengths)
    if params.at:
        words = [word for sentence in speech.sentences for word in sentence.words]
        spans = parse_spans(params.at, duration_ms)
        return given_candidates(spans, words, exact=params.at_edges == "exact")
    levels = _levels(context)
    if text is None:
        context.degrade("no-speech", "no speech was found: clips are chosen by place and loudness")
        return position_candidates(duration_ms, ranges, params.clips, levels, LEVEL_MS)
    bounds = Span(in_ms=0, out_ms=duration_ms)
    lexicon = lexicon_of(speech.language)
    found = score_passages(speech.sentences, ranges, bounds, text, levels, LEVEL_MS, lexicon)
    wishes = Wishes.of(params.prompt, params.avoid, speech.sentences)
    if unheard := wishes.unheard():
        context.degrade(
            "wish-unheard", f"no word of {' and of '.join(unheard)} is said in the source"
        )
    return wishes.applied(found)


def _sorted_out(
    context: Context[HighlightParams], candidates: Sequence[Candidate], duration_ms: int
) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """The candidates that may become clips, and the others with the reason."""
    params = context.params
    if params.at:
        return list(candidates), []
    moderated = context.read(artifacts.FINDINGS) if context.has(artifacts.FINDINGS) else None
    times = Allowed.of(params.range, params.exclude, duration_ms, moderated)
    reasons = [times.why_not(item.span) for item in candidates]
    if MODERATED in reasons:
        context.degrade(
            "moderated", "passages in which moderation found something were passed over"
        )
    pairs = list(zip(candidates, reasons, strict=True))
    return (
        [item for item, reason in pairs if not reason],
        [(item, reason) for item, reason in pairs if reason],
    )


def _rejected(
    context: Context[HighlightParams],
    decision: Decision,
    barred: Sequence[tuple[Candidate, str]],
    topics: Topics,
) -> tuple[Rejected, ...]:
    """The best candidates that were not chosen, and of those that were not allowed."""
    if context.params.at:
        return ()
    gap_ms = context.params.min_gap_ms
    wanted = context.params.clips
    found = why_not(decision.rated, decision.chosen, wanted, gap_ms, topics.likeness)[:REJECTED]
    reasons = {id(item): reason for item, reason in barred}
    best = shortlist([item for item, _ in barred], BARRED)
    found += [(item, reasons[id(item)]) for item in best]
    return tuple(
        Rejected(
            in_ms=item.span.in_ms,
            out_ms=item.span.out_ms,
            text=shorten(topics.speech.text_of(item), OPENING_CHARACTERS),
            score=item.score,
            scores=item.parts,
            reason=reason,
        )
        for item, reason in sorted(found, key=lambda pair: pair[0].rank_key)
    )


def _levels(context: Context[HighlightParams]) -> list[int]:
    """Loudness of each `LEVEL_MS` of the sound, in tenths of dBFS; empty without sound."""
    if not context.has(artifacts.AUDIO):
        return []
    rms = loudness(context.input(artifacts.AUDIO), LEVEL_MS).tolist()
    return [round(200 * math.log10(max(1, level) / FULL_SCALE)) for level in rms]


def _describe(decision: Decision, describer: Describer) -> tuple[list[Clip], list[ClipSummary]]:
    best_first = sorted(decision.chosen, key=lambda item: item.rank_key)
    clips, summaries = [], []
    for number, (candidate, naming) in enumerate(
        zip(decision.chosen, decision.namings, strict=True), start=1
    ):
        indices = describer.topics.speech.within(candidate.span)
        title = describer.title(indices) or position_title(candidate.span.in_ms)
        clip = Clip(
            id=f"clip_{number:02}",
            in_ms=candidate.span.in_ms,
            out_ms=candidate.span.out_ms,
            title=naming.title or title,
            score=candidate.score,
            rank=best_first.index(candidate) + 1,
        )
        clips.append(clip)
        summaries.append(naming.over(describer.clip(clip, candidate)))
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
