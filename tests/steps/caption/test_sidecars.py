"""The files beside a clip: its text, and its words with their times."""

from pathlib import Path

from steps.caption.sidecars import plain_text
from steps.model.captions import ClipWords
from steps.model.transcript import Word
from tests.steps.caption.samples import SPEECH, spoken
from tests.steps.caption.test_work import caption, job


def test_a_clip_has_its_text_and_its_words_on_its_own_clock(tmp_path: Path) -> None:
    words = spoken(start_ms=5000)
    folder = job(tmp_path, words, (4900, words[-1].out_ms + 100))
    assert caption(folder) == 0
    assert (folder / "clips/clip_01.txt").read_text() == f"{SPEECH}\n"
    found = ClipWords.from_file(folder / "clips/clip_01.words.json")
    assert (found.id, found.language) == ("clip_01", "en")
    assert [(word.text, word.in_ms, word.out_ms) for word in found.words] == [
        (word.text, word.in_ms - 4900, word.out_ms - 4900) for word in words
    ]


def test_another_speaker_or_a_long_pause_begins_a_paragraph() -> None:
    def word(text: str, in_ms: int, speaker: str) -> Word:
        return Word(text=text, in_ms=in_ms, out_ms=in_ms + 200, speaker=speaker)

    words = [word("Hi.", 0, "a"), word("You", 2000, "a"), word("too?", 2300, "a")]
    words.append(word("Yes.", 2600, "b"))
    assert plain_text(words, {}) == "Hi.\n\nYou too?\n\nYes.\n"
    assert plain_text(words[2:], {"a": "Ann", "b": "Bo"}) == "Ann: too?\n\nBo: Yes.\n"


def test_a_word_at_an_edge_is_cut_there(tmp_path: Path) -> None:
    word = Word(text="edge", in_ms=900, out_ms=1300)
    folder = job(tmp_path, (word,), (1000, 2000))
    assert caption(folder) == 0
    (found,) = ClipWords.from_file(folder / "clips/clip_01.words.json").words
    assert (found.in_ms, found.out_ms) == (0, 300)
