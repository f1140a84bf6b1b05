"""What phones, broadcasts and editors leave becomes a source in the form that it promises."""

from pathlib import Path

import av
import numpy as np
import pytest

from steps.contract.errors import UnsupportedMedia
from steps.media import ffmpeg
from steps.media.frames import sampled
from steps.media.scan import scan
from tests.media.clocks import clock
from tests.media.footage import FOOTAGE, KINDS, REFUSED
from tests.steps import numbered
from tests.steps.download.running import download, meta_of, receipt_of, tones

CLOSE_MS = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clock(tmp_path_factory.mktemp("footage") / "whole.mp4")


def covers(source: Path, duration_ms: int) -> bool:
    """Whether packets of sound follow one another from the start to the end."""
    with av.open(str(source)) as container:
        spans = [
            (float(packet.pts * packet.time_base), float(packet.duration * packet.time_base))
            for packet in container.demux(audio=0)
            if packet.pts is not None and packet.duration
        ]
    at = 0.0
    for start, length in spans:
        if abs(start - at) > 0.1:
            return False
        at = start + length
    return at > duration_ms / 1000 - 1


def is_heard_on_a_telephone(source: Path, folder: Path) -> bool:
    """Whether a player of one channel plays what the two channels carry."""
    raw = folder / "stereo.pcm"
    ffmpeg.run(["-i", str(source), "-map", "0:a", "-ac", "2", "-f", "s16le", str(raw)])
    left, right = np.fromfile(raw, "<i2").reshape(-1, 2).T / 32768
    loudest = max(np.std(left), np.std(right))
    return bool(np.std(left + right) > loudest > 0.01)


@pytest.mark.parametrize("name", FOOTAGE)
def test_footage_comes_out_as_a_player_shows_it(name: str, whole: Path, tmp_path: Path) -> None:
    film = FOOTAGE[name]
    path = film.make(whole, tmp_path / f"film.{film.suffix}")
    out = tmp_path / "out"
    assert download(path, out) == 0
    assert sorted(item.code for item in receipt_of(out).degradations) == sorted(film.codes)
    assert meta_of(out).duration_ms == pytest.approx(film.shown[-1][1], abs=100)
    times = scan(out / "source.mkv")
    assert times.frame_times_ms[0] == 0
    assert "no-sound" in film.codes or covers(out / "source.mkv", meta_of(out).duration_ms)
    assert name not in KINDS["channels"] or is_heard_on_a_telephone(out / "source.mkv", tmp_path)
    for picture in sampled(out / "source.mkv", 4):
        near = {film.picture(picture.time_ms + by) for by in (-CLOSE_MS, CLOSE_MS)}
        if picture.time_ms < film.shown[-1][1] and len(near) == 1:  # in the middle of a picture
            assert {numbered.number(picture.pixels)} == near, picture.time_ms
    if "no-sound" in film.codes:
        return
    wanted = list(film.beeps())
    heard = [(at, tone) for at, tone in tones(out) if at > 100 or wanted[0][0] == 0]
    assert [tone for _, tone in heard] == [second for _, second in wanted]
    assert [at for at, _ in heard] == pytest.approx([at for at, _ in wanted], abs=CLOSE_MS)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_right_is_refused(name: str, whole: Path, tmp_path: Path) -> None:
    suffix, make, words = REFUSED[name]
    path = make(whole, tmp_path / f"film.{suffix}")
    assert download(path, tmp_path / "out") == UnsupportedMedia.exit_code
    failure = receipt_of(tmp_path / "out").failure
    assert failure is not None
    assert words in failure.message
