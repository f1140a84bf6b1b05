"""Swear words: which words are, and what is shown instead."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.receipt import Receipt
from steps.model.captions import Captions
from steps.model.phrases import graphemes
from steps.model.profanity import PAD_MS, masked_text, starred, swear_words
from steps.model.transcript import Word
from tests.steps.caption.samples import spoken
from tests.steps.caption.test_work import caption, job

INNOCENT = {
    "en": "Scunthorpe classic assess cocktail Dickens analysis hello shiitake shitake passion "
    "title Essex Pissarro tit-for-tat A55 F1 50ck",
    "de": "Arsenal Fickle Nachtisch Schließfach",
    "es": "disputa computadora martillo infierno",
    "fr": "concert biteau content contre deconstruire salopette fous",
    "it": "cazzuola pesce regina culla",
    "pt": "curso contar cuidado",
    "nl": "kutschbok hoera lulu",
    "pl": "chustka jednak jego",
    "ru": "страхуй сукно бляха",
}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("What the fuck, man!", "en", "What the f***, man!"),
        ("MOTHERFUCKER... (shit)", "en", "M***********... (s***)"),
        ("a piece of shit.", "en", "a p**** o* s***."),
        ("Un-fucking-believable b1tch", "en", "U*-*******-********** b****"),
        ("so ein Scheiß", "de", "so ein S*****"),
        ("„Scheiße!“", "de", "„S******!“"),
        ("hijo de puta", "es", "h*** d* p***"),
        ("¡Mierda!", "es", "¡M*****!"),
        ("Quel connard", "fr", "Quel c******"),
        ("che cazzo", "it", "che c****"),
        ("вот блядь", "ru", "вот б****"),  # noqa: RUF001
        ("ёбаный", "ru", "ё*****"),
    ],
)
def test_swear_words_are_starred(text: str, language: str, expected: str) -> None:
    assert masked_text(text, language) == expected


INFLECTED = {
    "en": "shittiest shitter shitting pisses goddamnit bastards fuckers whores",
    "de": "verfickte gefickten fickst gewichster Schlampen Fotzen",
    "es": "jodiendo jodidas chingando chinguen cabrones",
    "fr": "foutue enculés saloperies niquer connards",
    "it": "fottendo merdose froci stronze",
    "pt": "fodidos fodendo merdas caralhos",
    "nl": "neukende geneukte klootzakken",
    "pl": "sukinsyny kurwy pierdoli",
    "ru": "дерьма сукой мудаки",
}


@pytest.mark.parametrize(
    ("language", "word"),
    [(one, word) for one, words in INFLECTED.items() for word in words.split()],
)
def test_inflected_swear_words_are_found(language: str, word: str) -> None:
    assert masked_text(word, language) == starred(word)


@pytest.mark.parametrize("language", INNOCENT)
def test_words_that_only_look_like_one_stay(language: str) -> None:
    assert masked_text(INNOCENT[language], language) == INNOCENT[language]


@given(st.text(min_size=1, max_size=30))
def test_a_starred_word_is_as_long_and_has_one_letter(text: str) -> None:
    letters = [one for one in graphemes(starred(text)) if any(map(str.isalnum, one))]
    assert len(letters) <= 1
    assert starred(text).count("*") >= len(graphemes(text)) - len(letters) - _marks(text)


def _marks(text: str) -> int:
    return sum(not any(map(str.isalnum, one)) for one in graphemes(text))


def test_only_known_languages_have_a_list() -> None:
    assert swear_words("en")
    assert swear_words("xx") is None


def test_captions_are_starred_everywhere_and_the_times_are_noted(tmp_path: Path) -> None:
    words = spoken("well shit happens")
    folder = job(tmp_path, words, (0, 3000))
    assert caption(folder, "--profanity=mute") == 0
    for suffix in ("srt", "vtt", "txt", "words.json", "ass"):
        text = (folder / f"clips/clip_01.{suffix}").read_text().lower()
        assert "shit" not in text
        assert "s***" in text
    captions = Captions.from_file(folder / "captions.json")
    assert captions.profanity == "mute"
    (span,) = captions.clips[0].swearing
    assert (span.in_ms, span.out_ms) == (words[1].in_ms - PAD_MS, words[1].out_ms + PAD_MS)
    assert caption(folder) == 0
    assert Captions.from_file(folder / "captions.json").clips[0].swearing == ()


def test_a_language_without_a_list_is_reported(tmp_path: Path) -> None:
    folder = job(tmp_path, (Word(text="kitu", in_ms=0, out_ms=500),), (0, 3000))
    path = folder / "transcript.json"
    path.write_text(path.read_text().replace('"language":"en"', '"language":"sw"'))
    assert caption(folder, "--profanity=star") == 0
    (fallback,) = Receipt.from_file(folder / "receipts/caption.json").degradations
    assert fallback.code == "no-swear-words"
