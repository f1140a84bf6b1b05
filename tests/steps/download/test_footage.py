"""What phones, broadcasts and editors leave becomes a source in the form that it promises."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from steps.media.audio import SAMPLE_RATE_HZ, samples
from steps.media.frames import sampled
from steps.media.scan import scan
from tests.media.footage import FOOTAGE, LENGTH_MS, RATE, Footage, clock
from tests.steps import numbered
from tests.steps.download.running import download, meta_of, receipt_of

CLOSE_MS = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clock(tmp_path_factory.mktemp("footage") / "whole.mp4")


def beeps(out: Path) -> list[tuple[float, int]]:
    """When each tone begins, in ms, and the second that it stands for."""
    pcm = samples(out / "audio.flac").astype(np.float64)
    level = np.sqrt(np.convolve(pcm**2, np.ones(160) / 160, "same"))
    loud = level > 0.25 * level.max()
    found = []
    for at in np.flatnonzero(np.diff(loud.astype(int), prepend=0) > 0):
        tone = pcm[at + 800 : at + 2400]
        if len(tone) == 1600:
            peak = np.argmax(np.abs(np.fft.rfft(tone * np.hanning(1600))))
            found.append((at / 16, round((peak * SAMPLE_RATE_HZ / 1600 - 400) / 60)))
    return found


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


def wanted_beeps(film: Footage) -> Iterator[tuple[int, int]]:
    for start, end, origin in film.shown:
        for second in range(LENGTH_MS // 1000):
            at = second * 1000 - origin + start
            audible = film.heard or ((0, LENGTH_MS),)
            if start <= at < end and any(first <= at < last for first, last in audible):
                yield at, second


def wanted_picture(film: Footage, time_ms: int) -> int:
    start, _, origin = next(part for part in film.shown[::-1] if part[0] <= time_ms)
    return min((time_ms - start + origin) * RATE // 1000, film.pictures - 1)


@pytest.mark.parametrize("name", FOOTAGE)
def test_footage_comes_out_as_a_player_shows_it(name: str, whole: Path, tmp_path: Path) -> None:
    film = FOOTAGE[name]
    path = film.make(whole, tmp_path / f"film.{film.suffix}")
    out = tmp_path / "out"
    assert download(path, out) == 0
    assert sorted(item.code for item in receipt_of(out).degradations) == sorted(film.codes)
    slack_ms = film.slack_pictures * 1000 // RATE
    assert meta_of(out).duration_ms == pytest.approx(film.shown[-1][1], abs=100 + slack_ms)
    times = scan(out / "source.mkv")
    assert times.frame_times_ms[0] == 0
    assert "no-sound" in film.codes or covers(out / "source.mkv", meta_of(out).duration_ms)
    for picture in sampled(out / "source.mkv", 4):
        if picture.time_ms % 100 == 50:  # in the middle of a picture
            right = wanted_picture(film, picture.time_ms)
            late = right - numbered.number(picture.pixels)
            assert 0 <= late <= film.slack_pictures, picture.time_ms
    if "no-sound" in film.codes:
        return
    wanted = list(wanted_beeps(film))
    heard = [(at, tone) for at, tone in beeps(out) if at > 100 or wanted[0][0] == 0]
    assert [tone for _, tone in heard] == [second for _, second in wanted]
    assert [at for at, _ in heard] == pytest.approx([at for at, _ in wanted], abs=CLOSE_MS)
