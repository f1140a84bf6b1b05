"""Transcripts in the JSON of other tools, in the shapes that they write, and damaged ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.formats.spoken_json import LATEST_MS, READERS, SpokenWord, read

WHISPERX = {
    "language": "en",
    "segments": [
        {
            "start": 0.5, "end": 2.0, "text": " Hello 42.", "speaker": "SPEAKER_01",
            "words": [
                {"word": "Hello", "start": 0.5, "end": 0.91, "score": 0.87},
                {"word": "42."},
            ],
        }
    ],
    "word_segments": [],
}  # fmt: skip
WHISPER_CPP = {
    "params": {"language": "auto"},
    "result": {"language": "en"},
    "transcription": [
        {
            "timestamps": {"from": "00:00:00,500", "to": "00:00:02,000"},
            "offsets": {"from": 500, "to": 2000},
            "text": " Hello there.",
            "tokens": [
                {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "p": 0.9},
                {"text": " Hel", "offsets": {"from": 500, "to": 700}, "p": 0.8},
                {"text": "lo", "offsets": {"from": 700, "to": 910}, "p": 0.7},
                {"text": " there", "offsets": {"from": 1000, "to": 1800}, "p": 0.9},
                {"text": ".", "offsets": {"from": 1800, "to": 2000}, "p": 0.9},
            ],
        }
    ],
}
DEEPGRAM = {
    "metadata": {"duration": 2.0},
    "results": {
        "channels": [
            {
                "detected_language": "en",
                "alternatives": [
                    {
                        "transcript": "hello there",
                        "words": [
                            {
                                "word": "hello", "punctuated_word": "Hello", "start": 0.5,
                                "end": 0.91, "confidence": 0.99, "speaker": 0,
                            },
                        ],
                    }
                ],
            }
        ]
    },
}  # fmt: skip
ASSEMBLY = {
    "id": "x",
    "language_code": "en_us",
    "text": "Hello",
    "words": [{"text": "Hello", "start": 500, "end": 910, "confidence": 0.97, "speaker": "A"}],
    "utterances": [],
}
OURS = {
    "kind": "clipmill/transcript@1",
    "language": "en",
    "words": [{"text": "Hello", "in_ms": 500, "out_ms": 910, "confidence": 970, "speaker": "s"}],
}
ELEVENLABS = {
    "language_code": "en",
    "text": "Hello there",
    "words": [
        {"text": "Hello", "start": 0.5, "end": 0.91, "type": "word", "speaker_id": "speaker_0"},
        {"text": " ", "start": 0.91, "end": 1.0, "type": "spacing", "speaker_id": "speaker_0"},
        {"text": "(laughs)", "start": 1.0, "end": 1.4, "type": "audio_event"},
    ],
}
OPENAI = {"text": "Hello", "words": [{"word": "Hello", "start": 0.5, "end": 0.91}]}


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (WHISPERX, SpokenWord("Hello", 500, 910, 870, "SPEAKER_01")),
        (WHISPER_CPP, SpokenWord("Hello", 500, 910, 800)),
        (DEEPGRAM, SpokenWord("Hello", 500, 910, 990, "0")),
        (ASSEMBLY, SpokenWord("Hello", 500, 910, 970, "A")),
        (OURS, SpokenWord("Hello", 500, 910, 970, "s")),
        (OPENAI, SpokenWord("Hello", 500, 910)),
        (ELEVENLABS, SpokenWord("Hello", 500, 910, speaker="speaker_0")),
    ],
    ids=["WhisperX", "whisper.cpp", "Deepgram", "AssemblyAI", "clipmill", "OpenAI", "ElevenLabs"],
)
def test_the_words_of_each_tool(data: dict[str, Any], first: SpokenWord) -> None:
    found = read(json.dumps(data))
    assert found.words[0] == first
    assert found.language in ("en", "en-us", "")


def test_a_word_without_times_and_the_tokens_of_one_word() -> None:
    assert read(json.dumps(WHISPERX)).words[1] == SpokenWord("42.", speaker="SPEAKER_01")
    assert read(json.dumps(WHISPER_CPP)).words[1].text == "there."


def test_spaces_and_sounds_are_no_words() -> None:
    assert [word.text for word in read(json.dumps(ELEVENLABS)).words] == ["Hello"]


@pytest.mark.parametrize("data", [WHISPERX, WHISPER_CPP])
def test_without_words_the_segments_are_cues(data: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(data))
    for segment in plain.get("segments", []) + plain.get("transcription", []):
        segment.pop("words", None)
        segment.pop("tokens", None)
    (cue,) = read(json.dumps(plain)).cues
    assert (cue.in_ms, cue.out_ms) == (500, 2000)
    assert cue.texts[0].startswith("Hello")


def test_a_segment_that_was_not_aligned_keeps_its_words() -> None:
    timed = {
        "text": "Hi.",
        "words": [{"word": "Hi.", "start": 0.5, "end": 1}],
        "start": 0,
        "end": 1,
    }
    bare = {"text": " Lost in here ♪", "words": [], "start": 2, "end": 3, "speaker": "A"}
    found = read(json.dumps({"segments": [timed, bare]}))
    assert found.words[1:] == (
        SpokenWord("Lost", 2000, 2400, speaker="A"),
        SpokenWord("in", speaker="A"),
        SpokenWord("here", 2600, 3000, speaker="A"),
    )


def test_a_language_may_have_its_english_name() -> None:
    assert read(json.dumps(OPENAI | {"language": "spanish"})).language == "es"
    assert read(json.dumps(WHISPERX | {"language": "German"})).language == "de"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "too deep"),
        ('{"words": ' + "1" * 5000 + "}", "not valid JSON"),
        ('{"lines": []}', "shape is unknown"),
        ("[]", "shape is unknown"),
        ('{"segments": [{"text": 5}, 7, null]}', "no words with times"),
        ('{"words": [{"text": ""}]}', "no words with times"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "time", [-1, 1e308, pytest.param(10**400, id="huge"), "1", None, True, [], LATEST_MS]
)
def test_an_impossible_time_is_none(time: object) -> None:
    item = {"word": "a", "start": time, "end": 1}
    assert read(json.dumps({"words": [item]})).words[0].in_ms is None
    assert read('{"words": [{"word": "a", "start": NaN, "end": Infinity}]}').words[0].out_ms is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "words word text start end offsets from to tokens segments results channels".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([key for key, _ in READERS]), VALUES)
def test_any_json_gives_words_or_one_error(key: str, value: object) -> None:
    try:
        found = read(json.dumps({key: value}))
    except ValueError:
        return
    for word in found.words:
        assert word.text
        assert all(at is None or 0 <= at <= LATEST_MS for at in (word.in_ms, word.out_ms))
