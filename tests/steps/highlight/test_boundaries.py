"""Where a thought begins and where it ends."""

from __future__ import annotations

import numpy as np
import pytest

from steps.highlight.boundaries import OPENING_BONUS, cuts, opened, shifts
from steps.highlight.candidates import passages
from steps.highlight.joints import Joints
from steps.highlight.lexicon import lexicon_of
from steps.highlight.sentences import Sentence, split_sentences
from steps.model.timing import Span
from tests.steps.highlight.speech import words

EN = lexicon_of("en")


def test_the_subject_changes_where_the_vectors_do() -> None:
    rows = np.repeat(np.eye(3), 5, axis=0)
    found = shifts(rows)
    assert sorted(np.argsort(-found[1:-1])[:2] + 1) == [5, 10]
    assert len(found) == len(rows) + 1


def test_the_end_of_a_source_ends_a_subject_and_its_beginning_is_an_introduction() -> None:
    assert shifts(np.ones((1, 4))).tolist() == [1.0, 2.0]


def test_a_cut_beside_the_end_of_a_subject_loses_by_it() -> None:
    """The sentence after it is the start of something else, and the one before it is missed."""
    sentences = split_sentences(words("We go on. " * 10))
    found = cuts(sentences, np.repeat(np.eye(2), 5, axis=0), EN)
    assert int(np.argmax(found[1:-1])) + 1 == 5
    plain = 30 * shifts(np.repeat(np.eye(2), 5, axis=0)) + 15 * 50 / 250
    assert all(found[at] < plain[at] - 20 for at in (3, 4, 6, 7))


def spoken(*turns: tuple[str, str]) -> list[Sentence]:
    """One sentence for each turn of a voice."""
    return [
        Sentence(tuple(w.model_copy(update={"speaker": voice}) for w in words(text)), 0)
        for voice, text in turns
    ]


def test_another_voice_opens_a_subject_but_an_answer_does_not() -> None:
    talk = spoken(
        ("a", "The rope broke."),
        ("b", "How did you get them off?"),
        ("a", "We waited for a wave."),
        ("a", "Two seconds."),
    )
    assert opened(talk, EN).tolist() == [0, 1, 0, 0]
    assert OPENING_BONUS > 0


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The third answer is the newest one.", True),
        ("en", "So first we look at the rope.", True),
        ("en", "The rope broke first.", False),
        ("de", "Ein letzter Rat zum Schluss.", True),
        ("de", "Der Teig ist fertig.", False),
    ],
)
def test_a_subject_is_announced(language: str, text: str, expected: bool) -> None:
    assert lexicon_of(language).announces(text.split()) is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "A Danish scientist asked a very simple thing.", True),
        ("en", "Let me give you three answers.", True),
        ("en", "It was a very simple thing.", False),
        ("en", "Nobody had asked the question.", False),
        ("de", "Dafür gibt es einen einfachen Trick.", False),
        ("de", "Wir stellten uns eine Frage.", True),
    ],
)
def test_a_sentence_that_promises_is_no_end(language: str, text: str, expected: bool) -> None:
    assert lexicon_of(language).promises(text.split()) is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "What did he say to you afterwards?", True),
        ("en", "I shouted at him.", True),
        ("en", "My boss said that she would fire me.", False),
        ("en", "We waited for the wave.", False),
        ("de", "Ihr zahlt dafür gar nichts.", True),
        ("de", "Meine Oma hat gesagt, jetzt bedankt es sich.", False),
    ],
)
def test_a_pronoun_needs_its_noun_before_it(language: str, text: str, expected: bool) -> None:
    assert lexicon_of(language).nameless(text.split()) is expected


def test_no_clip_begins_with_a_greeting() -> None:
    text = "Good morning, everybody out there. We crossed the bay by noon. The crew waved at us."
    sentences = split_sentences(words(text))
    joints = Joints.of(sentences, EN)
    found = passages(sentences, [(1_500, 9_000)], Span(in_ms=0, out_ms=9_000), joints)
    assert {first for first, _, _ in found} == {1, 2}
    alone = passages(sentences[:1], [(1_500, 9_000)], Span(in_ms=0, out_ms=9_000), joints)
    assert len(alone) == 1


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Good night from Riverside.", True),
        ("en", "Good ideas come at night.", False),
        ("de", "Bis zum nächsten Mal.", True),
        ("de", "Bis heute weiß niemand, wer das war.", False),
        ("es", "Buenas noches.", True),
    ],
)
def test_a_greeting_is_told_by_its_first_words(language: str, text: str, expected: bool) -> None:
    assert lexicon_of(language).greets(text.split()) is expected
