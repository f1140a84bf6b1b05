from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media import film
from tests.media.catalogue import SCENES
from tests.media.make import truth_of
from tests.media.measure import assert_faces, decode, gray_frames
from tests.media.picture import MOST_BYTES, PICTURE
from tests.media.scene import Scene
from tests.media.truth import Box, Truth

NOTEWORTHY_LUMA = 12
"""Mean change of a picture, of 255, that only a hard cut makes in these scenes."""


def faces_without_drawing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Box]]:
    monkeypatch.setattr(film, "_lay", lambda *_: None)
    return [frame.faces for frame in film.frames(scene)]


@pytest.mark.slow
def test_committed_truth_is_the_recipes(
    sample: tuple[Path, Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All equal; the ink of letters within 2 px, as another build of libass may draw it."""
    scene, committed = SCENES["talk"](), sample[1]
    made = truth_of(scene, faces_without_drawing(scene, monkeypatch))
    shown = [text for shot in made.shots for text in shot.texts]
    expected = [text for shot in committed.shots for text in shot.texts]
    assert [text.text for text in shown] == [text.text for text in expected]
    for text, other in zip(shown, expected, strict=True):
        assert text.box == pytest.approx(other.box, abs=2)
    assert without_texts(made) == without_texts(committed)


def without_texts(truth: Truth) -> Truth:
    shots = tuple(shot.model_copy(update={"texts": ()}) for shot in truth.shots)
    return truth.model_copy(update={"shots": shots})


def test_committed_sample_is_what_it_should_be(sample: tuple[Path, Truth]) -> None:
    path, truth = sample
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height) == truth.size == (1280, 720)
        assert video.average_rate == truth.fps == Fraction(30_000, 1001)
        assert sum(packet.size > 0 for packet in container.demux(video)) == truth.frames
        assert audio.duration is not None
        assert audio.time_base is not None
        assert abs(audio.duration * audio.time_base * 1000 - truth.duration_ms) < 25
    assert path.stat().st_size < 6_000_000
    assert 85_000 < truth.duration_ms < 95_000


@pytest.mark.slow
def test_cuts_are_where_the_truth_says(sample: tuple[Path, Truth]) -> None:
    path, truth = sample
    frames = gray_frames(path, 160).astype(np.int16)
    assert len(frames) == truth.frames
    change = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2))
    assert {n + 1 for n in np.flatnonzero(change > NOTEWORTHY_LUMA)} == set(truth.cuts)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_detector_finds_the_speaker_of_the_sample(sample: tuple[Path, Truth]) -> None:
    assert_faces(*sample)


def test_speech_is_heard_when_the_truth_says(sample: tuple[Path, Truth]) -> None:
    """Every pause between sentences is quiet; in the 300 ms on either side there is a voice."""
    path, truth = sample
    samples = decode(path)

    def loud(in_ms: int, out_ms: int) -> float:
        return float(np.sqrt(np.mean(samples[in_ms * 16 : out_ms * 16] ** 2)))

    pauses = [(a.out_ms, b.in_ms) for a, b in pairwise(truth.words) if b.in_ms - a.out_ms > 300]
    assert len(pauses) > 25
    for start, end in pauses:
        assert loud(start + 25, end - 5) < 0.002
        assert loud(start - 300, start) > 0.01
        assert loud(end, end + 300) > 0.01


def test_the_readme_moves_and_is_small() -> None:
    named = re.search(r"\((docs/[a-z-]+\.webp)\)", (PICTURE.parents[1] / "README.md").read_text())
    assert named
    assert named[1] == f"docs/{PICTURE.name}"
    data = PICTURE.read_bytes()
    assert data[8:12] == b"WEBP"
    assert data.count(b"ANMF") >= 20
    assert len(data) <= MOST_BYTES
