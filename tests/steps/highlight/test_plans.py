"""Whole plans: the sample and the four made transcripts, without a language model."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import numpy as np
import pytest

from steps.highlight.candidates import Candidate, allowed, edges
from steps.highlight.choose import choose
from steps.highlight.describe import TITLE_CHARACTERS, Describer
from steps.highlight.engines.protocol import Speech
from steps.highlight.joints import asks
from steps.highlight.keywords import weigh_words
from steps.highlight.lexicon import Lexicon, lexicon_of
from steps.highlight.moments import ENGLISH, CountScore, MomentScore, TextScore
from steps.highlight.scoring import score_passages
from steps.highlight.sentences import split_sentences
from steps.highlight.topics import Topics
from steps.highlight.vectors import SentenceEncoder
from steps.model.phrases import bare_word
from steps.model.time_ranges import parse_lengths
from steps.model.timing import Span
from steps.model.transcript import Transcript
from steps.model.weights import MOMENTS
from tests.steps.highlight.speech import TALKS, sample, talk


@dataclass(frozen=True)
class Source:
    """A transcript and what is known about its words."""

    transcript: Transcript
    speech: Speech
    text: TextScore
    topics: Topics
    lexicon: Lexicon

    def plan(self, lengths: str, count: int = 3) -> list[Candidate]:
        bounds = Span(in_ms=0, out_ms=self.transcript.duration_ms)
        found = score_passages(
            self.speech.sentences, parse_lengths(lengths), bounds, self.text, lexicon=self.lexicon
        )
        return choose(found, count, 0, self.topics.likeness)


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    encoder, found = SentenceEncoder.packaged(), {}
    for name in ("sample", *TALKS):
        transcript = sample() if name == "sample" else talk(name)
        lexicon = lexicon_of(transcript.language)
        speech = Speech(split_sentences(transcript.words, lexicon), transcript.language)
        text: TextScore = CountScore(speech.sentences, speech.language)
        if speech.language == ENGLISH:
            text = MomentScore(speech.sentences, encoder, MOMENTS.locate())
        found[name] = Source(transcript, speech, text, Topics.of(speech, text), lexicon)
    return found


@pytest.mark.parametrize("lengths", ["20-40", "30-60"])
def test_lengths_lie_in_the_middle_of_the_wanted_range(
    lengths: str, sources: dict[str, Source]
) -> None:
    chosen = [item for source in sources.values() for item in source.plan(lengths)]
    ((low, high),) = parse_lengths(lengths)
    quarter = (high - low) / 4
    median = statistics.median(item.span.duration_ms for item in chosen)
    assert low + quarter <= median <= high - quarter
    assert all(low <= item.span.duration_ms <= high for item in chosen)
    assert len(chosen) >= 13


@pytest.mark.parametrize("lengths", ["20-40", "15-60"])
def test_clips_begin_and_end_where_people_would_cut(
    lengths: str, sources: dict[str, Source]
) -> None:
    for source in sources.values():
        sentences = source.speech.sentences
        for item in source.plan(lengths):
            inside = source.speech.within(item.span)
            assert (inside[0], inside[-1]) == (item.first, item.last)
            assert not asks(sentences[item.last], source.lexicon)
            assert not source.lexicon.promises(sentences[item.last].texts)
            first = sentences[item.first].texts
            assert bare_word(first[0]) not in source.lexicon.courtesies
            if source.lexicon.leans_back(first):  # only where nothing starts earlier
                bounds = Span(in_ms=0, out_ms=source.transcript.duration_ms)
                assert not [
                    start
                    for start in range(item.first)
                    if not source.lexicon.leans_back(sentences[start].texts)
                    and allowed(
                        edges(sentences, start, item.last, bounds).duration_ms,
                        parse_lengths(lengths),
                    )
                ], first
            for word in source.transcript.words:
                assert not word.in_ms < item.span.in_ms < word.out_ms
                assert not word.in_ms < item.span.out_ms < word.out_ms


def test_titles_and_hooks_are_whole_clauses(sources: dict[str, Source]) -> None:
    for source in sources.values():
        weights = weigh_words([one.text for one in source.speech.sentences])
        describer = Describer(source.topics, source.lexicon, weights)
        said = " ".join(word.text for word in source.transcript.words).lower()
        for item in source.plan("20-40"):
            indices = source.speech.within(item.span)
            title = describer.title(indices)
            for text in (title, describer.hook(indices, title)):
                assert text.lower() in said
                assert text[0].isupper()
                assert not text.endswith((".", ",", "…"))
                assert not source.lexicon.is_connective(text.split()[0])
                if source.speech.language == ENGLISH:  # whose list of verbs is long
                    assert any(source.lexicon.is_verb(word) for word in text.split()), text
            assert len(title) <= TITLE_CHARACTERS
            assert describer.told(indices, 2)


def test_a_talk_on_three_subjects_has_three_chapters(sources: dict[str, Source]) -> None:
    """The interview, the lecture and the stand-up, one after the other."""
    parts = [sources[name] for name in ("interview", "lecture", "standup")]
    starts, shift_ms, sentences, rows = [], 0, [], []
    for part in parts:
        starts.append(shift_ms)
        for sentence in part.speech.sentences:
            moved = tuple(
                word.model_copy(
                    update={"in_ms": word.in_ms + shift_ms, "out_ms": word.out_ms + shift_ms}
                )
                for word in sentence.words
            )
            sentences.append(type(sentence)(moved, sentence.first))
        rows.append(part.text.vectors)
        shift_ms += part.transcript.duration_ms
    topics = Topics.of_vectors(Speech(sentences, ENGLISH), np.concatenate(rows))
    found = [start_ms for start_ms, _ in topics.chapters(shift_ms)]
    assert found[0] == 0
    assert all(min(abs(start - one) for one in found) < 20_000 for start in starts[1:])
