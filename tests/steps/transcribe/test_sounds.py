"""Speech, singing and music: spans, and the words that are invented over them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from steps.contract import Context, Engine, Unusable
from steps.contract.errors import BrokenContract
from steps.model.timing import Span
from steps.model.transcript import SoundSpan
from steps.model.weights import FIRERED_AED
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.engines import firered
from steps.transcribe.engines.firered import FireRed
from steps.transcribe.finishing import listen
from steps.transcribe.sounds import music_share, over_music, smoothed_spans
from steps.transcribe.word_times import RawWord
from tests.steps.transcribe import scenes


@pytest.fixture
def classifier(tmp_path: Path) -> FireRed:
    return FireRed(FIRERED_AED.locate(), tmp_path)


def covered(found: list[SoundSpan], kind: str) -> int:
    return sum(span.duration_ms for span in found if span.heard == kind)


def test_speech_is_heard_where_somebody_speaks(classifier: FireRed, tmp_path: Path) -> None:
    recording = scenes.recorded(scenes.samples("edge_face"), tmp_path)
    found = classifier.sounds(recording)
    speech = [span for span in found if span.heard == "speech"]
    said = scenes.spans(scenes.words("edge_face"))
    hit = sum(
        any(span.in_ms <= (word.in_ms + word.out_ms) // 2 < span.out_ms for span in speech)
        for word in said
    )
    assert hit >= 0.95 * len(said)
    assert covered(found, "music") == covered(found, "singing") == 0


def test_music_is_heard_alone_and_under_speech(classifier: FireRed, tmp_path: Path) -> None:
    alone = classifier.sounds(scenes.recorded(scenes.samples("music_only", 1.0), tmp_path))
    assert covered(alone, "music") >= 0.8 * 22_000
    assert covered(alone, "speech") == 0
    under = classifier.sounds(scenes.recorded(scenes.samples("interview", 0.5), tmp_path))
    assert covered(under, "music") >= 0.6 * 39_000
    assert covered(under, "speech") >= 0.5 * 39_000


def test_blocks_give_the_same_as_the_whole(
    classifier: FireRed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = scenes.recorded(scenes.samples("interview", 0.12), tmp_path)
    whole = classifier.sounds(recording)
    monkeypatch.setattr(firered, "BLOCK_FRAMES", 700)
    parts = classifier.sounds(recording)
    assert [span.heard for span in parts] == [span.heard for span in whole]
    for part, span in zip(parts, whole, strict=True):
        assert abs(part.in_ms - span.in_ms) <= 50
        assert abs(part.out_ms - span.out_ms) <= 50


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"OVAD" + bytes(60))
    with pytest.raises(BrokenContract, match="other is not a bundle"):
        FireRed(tmp_path / "other", tmp_path)


def test_spans_are_smooth_and_not_too_short() -> None:
    probabilities = np.zeros(300, np.float32)
    probabilities[50:100] = 1
    probabilities[110:150] = 1
    probabilities[200:210] = 1
    found = smoothed_spans(probabilities, 0.5, Span(in_ms=0, out_ms=3000))
    assert [(span.in_ms, span.out_ms) for span in found] == [(500, 1500)]


def heard(kind: Literal["speech", "singing", "music"], start: int, end: int) -> SoundSpan:
    return SoundSpan(in_ms=start, out_ms=end, heard=kind)


def test_words_over_music_without_speech_are_invented() -> None:
    sounds = [heard("music", 0, 10_000), heard("speech", 5000, 8000), heard("singing", 900, 1500)]
    words = [RawWord("la", at, at + 200) for at in (1000, 4000, 4600, 6000, 8300, 9000, 12_000)]
    assert list(over_music(words, sounds)) == [0, 1, 5]


def test_the_share_of_the_voice_with_music_under_it() -> None:
    voice = [Span(in_ms=1000, out_ms=2000), Span(in_ms=5000, out_ms=8000)]
    sounds = [heard("speech", 0, 9000), heard("music", 0, 1500), heard("singing", 1200, 2500)]
    assert music_share(voice, sounds) == 0.25
    assert music_share(voice, sounds[:1]) == music_share([], sounds) == 0


def test_words_without_music_stay() -> None:
    assert list(over_music([RawWord("yes", 0, 200)], [])) == []
    assert list(over_music([RawWord("yes", 0, 200)], [heard("speech", 0, 300)])) == []


def test_without_its_model_nobody_listens_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = scenes.recorded(np.zeros(16_000, np.float32), tmp_path)
    monkeypatch.setattr(Engine, "lacks", lambda _engine, _params: "the model is missing")
    context = Context(STEP, TranscribeParams(), tmp_path, tmp_path, tmp_path)
    assert listen(context, recording) == ()
    assert [item.code for item in context.degradations] == ["sounds-fallback"]
    named = TranscribeParams(sounds="firered")
    with pytest.raises(Unusable, match=r"--sounds=firered cannot be used: .*the model is missing"):
        listen(Context(STEP, named, tmp_path, tmp_path, tmp_path), recording)
    off = TranscribeParams(sounds="off")
    assert listen(Context(STEP, off, tmp_path, tmp_path, tmp_path), recording) == ()
