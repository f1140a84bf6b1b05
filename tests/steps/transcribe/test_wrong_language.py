"""A language that is not spoken: found by a vote and by confidence, and its words not burned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest

from steps.contract import Context
from steps.model.captions import Captions
from steps.model.source import SourceMeta
from steps.model.timing import Span
from steps.model.transcript import Transcript
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines.protocol import Recognized
from steps.transcribe.languages import QUICK_MS, alike
from steps.transcribe.recognition import Attempt, Listening
from steps.transcribe.recording import Recording
from steps.transcribe.windows import LONGEST_MS, Window
from steps.transcribe.word_times import RawWord
from tests.media.sound import SPEECH
from tests.steps.caption.samples import spoken
from tests.steps.caption.test_work import caption
from tests.steps.caption.test_work import job as caption_job
from tests.steps.publish.receipts import META
from tests.steps.transcribe.jobs import Job, transcribed
from tests.steps.transcribe.test_work import job

__all__ = ["job"]

ACTIVITY = VoiceActivity((Span(in_ms=0, out_ms=20_000),), 20_000)
MULTILINGUAL, ENGLISH_MODEL = "faster-whisper-base", "faster-whisper-tiny.en"


class Scripted:
    """Votes for one language, and hears each with a confidence of its own."""

    def __init__(
        self, voted: Mapping[str, float], sure: Mapping[str, int], model: str = MULTILINGUAL
    ) -> None:
        self._voted, self._sure, self._model = voted, sure, model
        self.asked: list[str] = []
        self.rooms: list[int] = []

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._sure)

    def detect(
        self, _recording: Recording, chosen: Sequence[Window], room_ms: int = LONGEST_MS
    ) -> Iterator[Mapping[str, float]]:
        self.asked.append("vote")
        self.rooms.append(room_ms)
        assert all(window.duration_ms <= room_ms for window in chosen)
        return iter([self._voted for _ in chosen])

    def recognize(
        self,
        _recording: Recording,
        activity: VoiceActivity,
        language: str,
        _on_time_ms: Callable[[int], None],
        *,
        over_music: bool = False,
    ) -> Recognized:
        self.asked.append(language)
        end = activity.spans[-1].out_ms
        words = [
            RawWord(f"{language}{at}", at, at + 300, self._sure[language])
            for at in range(0, end, 400)
        ]
        return Recognized(words, self._model)


def heard(
    recognizer: Scripted, folder: Path, *, stated: str = "", **params: str
) -> tuple[Attempt, list[str]]:
    """What is heard, and the fallbacks."""
    chosen = TranscribeParams.model_validate(params)
    context = Context(STEP, chosen, folder, folder, folder)
    meta = SourceMeta.model_validate({**META.model_dump(), "language": stated})
    recording = cast("Recording", type("Sound", (), {"duration_ms": 20_000})())
    found = Listening(context, meta, recording, ACTIVITY, "").heard(recognizer)
    return found, [item.code for item in context.degradations]


@pytest.mark.parametrize(
    ("voted", "own", "other", "spoken"),
    [
        ({"en": 0.99}, 600, 950, "en"),
        ({"en": 0.99}, 900, 950, "en"),
        ({"en": 0.99}, 950, 600, ""),
        ({"en": 0.85, "de": 0.1}, 600, 950, ""),
        ({"de": 0.99}, 600, 950, ""),
        ({"nl": 0.5, "de": 0.5}, 300, 950, ""),
    ],
    ids=["wrong", "wrong and sure", "clearer as wanted", "an unsure vote", "right", "a tie"],
)
def test_a_wanted_language_is_kept_and_judged(
    voted: dict[str, float], own: int, other: int, spoken: str, tmp_path: Path
) -> None:
    recognizer = Scripted(voted, {"de": own, "en": other, "nl": other})
    found, _ = heard(recognizer, tmp_path, language="de")
    assert (found.language, found.spoken) == ("de", spoken)
    assert {word.text[:2] for word in found.guarded.words} == {"de"}


def test_a_stated_language_gives_way(tmp_path: Path) -> None:
    recognizer = Scripted({"en": 0.99}, {"de": 700, "en": 950})
    found, codes = heard(recognizer, tmp_path, stated="deu")
    assert (found.language, found.spoken, codes) == ("en", "", ["stated-language"])


@pytest.mark.parametrize(("confidence", "asked"), [(900, ["en"]), (400, ["en", "vote", "de"])])
def test_a_model_of_english_is_asked_again_only_if_it_is_unsure(
    confidence: int, asked: list[str], tmp_path: Path
) -> None:
    recognizer = Scripted({"de": 0.99}, {"en": confidence, "de": 950}, ENGLISH_MODEL)
    found, _ = heard(recognizer, tmp_path, language="en")
    assert recognizer.asked == asked
    assert found.spoken == ("de" if len(asked) > 1 else "")


@pytest.mark.parametrize(("share", "rooms"), [(0.95, [QUICK_MS]), (0.949, [QUICK_MS, LONGEST_MS])])
def test_long_windows_vote_only_where_short_ones_are_unsure(
    share: float, rooms: list[int], tmp_path: Path
) -> None:
    recognizer = Scripted({"de": share}, {"de": 950})
    found, codes = heard(recognizer, tmp_path)
    assert (recognizer.rooms, found.language, codes) == (rooms, "de", [])


def test_languages_that_sound_alike_do_not_speak_against_each_other() -> None:
    assert alike("no", "da")
    assert alike("de", "de")
    assert not alike("de", "nl")


@pytest.mark.slow
def test_english_that_is_said_to_be_german_is_not_burned(job: Job, tmp_path: Path) -> None:
    folder = job(["-t", "5", "-i", str(SPEECH / "talk_2.opus")], 5000)
    found, context = transcribed(folder, language="de", diarizer="off", sounds="off")
    assert (found.language, found.doubtful) == ("de", True)
    (item,) = context.degradations
    assert item.code == "contradicted-language"
    assert item.message.startswith("--language=de, but the speech is 'en'")


def test_doubtful_words_are_written_and_not_burned(tmp_path: Path) -> None:
    folder = caption_job(tmp_path, spoken(), (0, 9000))
    transcript = Transcript.from_file(folder / "transcript.json")
    doubted = transcript.model_copy(update={"doubtful": True})
    (folder / "transcript.json").write_bytes(doubted.canonical_bytes())
    assert caption(folder) == 0
    assert not Captions.from_file(folder / "captions.json").burned
    assert "my fellow" in (folder / "clips/clip_01.srt").read_text()
    assert "captions-not-burned" in (folder / "receipts/caption.json").read_text()
