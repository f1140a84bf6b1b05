"""Translated captions: the sentence keeps its time, and both languages keep to their lines."""

from __future__ import annotations

from itertools import groupby, pairwise
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.caption.styles import preset
from steps.caption.translation import Show, Shown, doubled, translated_words
from steps.model.captions import Captions, Cue, CueWord
from steps.model.clips import Summary, TranslatedLine, Translation
from steps.model.phrases import join
from steps.model.transcript import Transcript, Word
from tests.steps.caption.samples import SPEECH, spoken
from tests.steps.caption.test_work import caption, job

WORDS = spoken()
ENDS = [0, *(at for at, word in enumerate(WORDS, 1) if word.text[-1] in ".?")]
SENTENCES = [WORDS[start:end] for start, end in pairwise(ENDS)]
TEXTS = {
    "de": [
        "Und so, meine amerikanischen Mitbürger, fragt nicht, was euer Land für euch tun kann.",
        "Ehrlich?",
        "Ich habe 43.000 Dollar für eine Maschine ausgegeben, die niemand wollte.",
        "Es war der beste Fehler meines Lebens, weil ich zum ersten Mal mit den Leuten sprach.",
    ],
    "ar": [
        "وهكذا، يا مواطنيّ الأمريكيين، لا تسألوا عما يمكن لبلدكم أن يفعله من أجلكم.",
        "بصراحة؟",
        "أنفقت ثلاثة وأربعين ألف دولار على آلة لم يردها أحد.",
        "كان أفضل خطأ في حياتي لأنني تحدثت مع الناس.",
    ],
    "ja": [
        "だから、アメリカ国民の皆さん、国が何をしてくれるかを問わないでください。",
        "正直に言うと?",
        "誰も欲しがらない機械に四万三千ドルを使いました。",
        "それは人生で最高の失敗でした。初めて使う人たちと話したからです。",
    ],
}


def lines(language: str, count: int = 4) -> Translation:
    found = tuple(
        TranslatedLine(in_ms=sentence[0].in_ms, out_ms=sentence[-1].out_ms, text=text)
        for sentence, text in list(zip(SENTENCES, TEXTS[language], strict=True))[:count]
    )
    return Translation(language=language, lines=found)


def translated_job(folder: Path, translation: Translation, *options: str) -> Captions:
    """Caption a clip whose summary holds the translation."""
    job(folder, WORDS, (0, WORDS[-1].out_ms + 1000))
    summary = Summary(summary="", keywords=(), clips=(), translation=translation)
    (folder / "summary.json").write_bytes(summary.canonical_bytes())
    assert caption(folder, *options) == 0
    return Captions.from_file(folder / "captions.json")


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_keeps_its_time(language: str) -> None:
    found, others = translated_words(WORDS, lines(language).lines)
    assert others == []
    for sentence, text in zip(SENTENCES, TEXTS[language], strict=True):
        own = [one for one in found if sentence[0].in_ms <= one.in_ms < sentence[-1].out_ms]
        assert join(one.text for one in own) == text
        assert own[0].in_ms == sentence[0].in_ms
        assert own[-1].out_ms == sentence[-1].out_ms
        assert all(one.out_ms <= other.out_ms for one, other in pairwise(own))


@given(st.lists(st.text("abcä", min_size=1, max_size=30), min_size=1, max_size=60))
def test_any_translation_stays_in_the_time_of_its_sentence(pieces: list[str]) -> None:
    line = TranslatedLine(in_ms=WORDS[0].in_ms, out_ms=WORDS[-1].out_ms, text=" ".join(pieces))
    found, _ = translated_words(WORDS, [line])
    assert [one.text for one in found] == pieces
    assert all(WORDS[0].in_ms <= one.in_ms < one.out_ms for one in found)
    assert all(one.out_ms <= WORDS[-1].out_ms + 1 for one in found)
    assert all(one.in_ms <= other.in_ms for one, other in pairwise(found))


@pytest.mark.parametrize("language", TEXTS)
def test_the_captions_and_their_files_show_the_translation(language: str, tmp_path: Path) -> None:
    captions = translated_job(tmp_path, lines(language))
    assert captions.language == language
    shown = [word.text for cue in captions.clips[0].cues for word in cue.words]
    whole = join(" ".join(TEXTS[language]).split())
    assert join(shown).replace(" ", "") == whole.replace(" ", "")
    srt = pysubs2.load(str(tmp_path / "clips/clip_01.srt"))
    assert max(len(row) for event in srt for row in event.plaintext.splitlines()) <= 22
    assert (tmp_path / "clips/clip_01.txt").read_text().startswith("And so")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_both_languages_have_a_line_each(language: str, tmp_path: Path) -> None:
    captions = translated_job(tmp_path, lines(language), "--translate-show=both")
    assert captions.language == "en"
    (clip,) = captions.clips
    top = [word.text for cue in clip.cues for word in cue.words if not word.translated]
    under = [word.text for cue in clip.cues for word in cue.words if word.translated]
    assert " ".join(top) == SPEECH
    assert join(key for key, _ in groupby(under)) == join(" ".join(TEXTS[language]).split())
    assert {(word.line, word.translated) for cue in clip.cues for word in cue.words} == {
        (0, False),
        (1, True),
    }
    events = pysubs2.load(str(tmp_path / "clips/clip_01.srt"))
    assert sum(event.plaintext.count("\n") for event in events) >= len(events) - 1


def test_the_original_is_drawn_and_the_translation_written(tmp_path: Path) -> None:
    captions = translated_job(tmp_path, lines("de"), "--translate-show=original")
    shown = " ".join(word.text for cue in captions.clips[0].cues for word in cue.words)
    assert shown == SPEECH
    written = pysubs2.load(str(tmp_path / "clips/clip_01.srt"))
    assert " ".join(" ".join(event.plaintext.split()) for event in written) == " ".join(TEXTS["de"])


def test_a_sentence_without_a_translation_keeps_its_original(tmp_path: Path) -> None:
    captions = translated_job(tmp_path, lines("de", count=2))
    shown = [word.text for cue in captions.clips[0].cues for word in cue.words]
    assert shown[:2] == ["Und", "so,"]
    assert " ".join(shown).endswith("talked to the people who would use it.")


def test_a_translated_line_is_never_lit(tmp_path: Path) -> None:
    translated_job(tmp_path, lines("de"), "--translate-show=both", "--style=pill")
    events = pysubs2.load(str(tmp_path / "clips/clip_01.ass"))
    rows = [one.text for one in events if "MEINE" in one.text.upper()]
    assert rows
    assert all(row.count("\\1c") == len(row.split("\\1c&HFFFFFF&")) - 1 for row in rows)


def test_a_line_of_two_languages_is_short_enough_for_both() -> None:
    spoken_words = Transcript(engine="captions", language="en", duration_ms=60_000, words=WORDS)
    kinds: tuple[Show, ...] = ("translated", "both")
    limits = [Shown.of(spoken_words, lines("de"), one).limits(preset("bold")) for one in kinds]
    assert (limits[0].lines, limits[1].lines) == (2, 1)
    assert limits[1].characters_per_line <= limits[0].characters_per_line


def test_a_translated_line_stays_until_there_is_another() -> None:
    times = [(100, 500), (500, 900), (900, 1200), (1600, 2000)]
    cues = [
        Cue(in_ms=start, out_ms=end, words=(CueWord(in_ms=start, out_ms=end, text="x", line=0),))
        for start, end in times
    ]
    pieces = ((0, 90, "too early"), (110, 300, "eins"), (900, 1000, "zwei"))
    words = [Word(in_ms=start, out_ms=end, text=text) for start, end, text in pieces]
    found = [[word.text for word in cue.words[1:]] for cue in doubled(cues, words)]
    assert found == [["eins"], ["eins"], ["zwei"], []]
