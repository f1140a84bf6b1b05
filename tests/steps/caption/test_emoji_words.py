"""Emoji after key words: only where a word stands for one, one in a cue, and not in the files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from steps.caption.emoji import emoji_in
from steps.caption.emoji_words import LISTS, decorated, emoji_of, emoji_words
from steps.model.captions import Captions
from steps.model.weights import TWEMOJI
from tests.steps.caption.samples import METRICS, look, spoken
from tests.steps.caption.test_cues import cues_of
from tests.steps.caption.test_work import caption, job

TALK = (
    "My dog ran. He got coffee, pizza and books. Then that dog laughed about money and more money."
)


def shown(text: str, language: str = "en", *keywords: str) -> list[str]:
    cues = decorated(cues_of(spoken(text)), language, look().fill, frozenset(keywords))
    return [" ".join(word.text for word in cue.words) for cue in cues]


@pytest.mark.parametrize(
    ("word", "language", "emoji"),
    [
        ("Money,", "en", "💰"),
        ("salaries", "en", "💰"),
        ("moneyed", "en", ""),
        ("catalogue", "en", ""),
        ("fire", "en", ""),
        ("chat", "en", ""),
        ("chat", "fr", "🐱"),
        ("GELD!", "de", "💰"),
        ("corazón", "es", "❤️"),
        ("money", "ja", ""),
    ],
)
def test_a_word_has_an_emoji_only_beyond_doubt(word: str, language: str, emoji: str) -> None:
    assert emoji_words(language).after(word) == emoji


def test_one_in_a_cue_and_none_too_soon() -> None:
    assert shown("I love my dog and my cat.") == ["I love ❤️ my dog and my cat."]
    far = spoken("My dog.") + spoken("A dog.", 5000) + spoken("A dog.", 40_000)
    cues = decorated(cues_of(far), "en", look().fill, frozenset())
    assert ["🐶" in cue.words[-1].text for cue in cues] == [True, False, True]


def test_a_key_word_of_the_clip_goes_first() -> None:
    assert shown("I love my dog", "en", "dog") == ["I love my dog 🐶"]


def test_no_emoji_where_the_line_is_full() -> None:
    cues = cues_of(spoken("My dog."))
    assert decorated(cues, "en", lambda line: 101 if "🐶" in line else 80, frozenset()) == cues


def test_the_picture_has_them_and_the_files_do_not(tmp_path: Path) -> None:
    style = '{"base":"bold","emoji":"keywords"}'
    assert caption(job(tmp_path, spoken(TALK), (0, 12_000)), f"--style={style}") == 0
    clip = Captions.from_file(tmp_path / "captions.json").clips[0]
    texts = " ".join(word.text for cue in clip.cues for word in cue.words)
    assert "dog 🐶" in texts
    assert texts.count("🐶") == 1
    assert "\\p4}m " in (tmp_path / "clips/clip_01.ass").read_text()
    for kind in ("srt", "vtt", "txt", "words.json"):
        assert "🐶" not in (tmp_path / f"clips/clip_01.{kind}").read_text()


def test_every_emoji_of_the_lists_has_a_picture_and_each_word_one() -> None:
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    emoji = sorted({one for words in lists.values() for one in words})
    found = emoji_in(emoji, METRICS, TWEMOJI.find)
    assert [one for one in emoji if not found.blank(one)] == []
    for language, words in lists.items():
        each = " ".join(words.values()).split()
        assert len(each) == len(set(each)), language
        assert set(emoji_of([one.rstrip("*") for one in each], language)) == set(words)
