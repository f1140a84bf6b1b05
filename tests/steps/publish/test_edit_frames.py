"""What an editor gets from `clips.otio` begins and ends with the frames of the finished clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest
from numpy.typing import NDArray

from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.crop import ShotCrop
from steps.model.geometry import Size
from steps.publish.documents import read_documents
from steps.publish.interchange import edit_files
from tests.steps import numbered
from tests.steps.publish.talks import manifest
from tests.steps.render.jobs import SMALL, fit, make_job, render

JUMPY = "settb=1/1000,setpts='(N+0.4*mod(N,3))/(30*TB)'"
VARIABLE = ("-fps_mode", "vfr", "-enc_time_base", "1:1000")


@dataclass(frozen=True)
class Film:
    """A numbered film of 80 pictures.

    Attributes:
        rate: of its pictures, which `filters` may move.
        clip: from where to where, in ms.
        options: after those of x264.
        start: the time code of its first picture as a count of frames.
        off: how many pictures an editor may be off: a conformed one is up to half a frame away.
    """

    rate: str
    clip: tuple[int, int]
    options: tuple[str, ...] = ()
    filters: str = ""
    start: int = 0
    off: int = 0


FILMS = {
    "29.97, drop-frame, over a minute": Film(
        "30000/1001", (260, 2620), ("-timecode", "00:00:58;28"), start=1768
    ),
    "23.976, from the first frame to the last": Film("24000/1001", (0, 3336)),
    "25, out late in a frame": Film("25", (250, 2875)),
    "a variable rate, conformed": Film("30", (260, 2370), VARIABLE, JUMPY, off=1),
}


@pytest.mark.parametrize("name", FILMS)
def test_the_cuts_are_the_clip(name: str, tmp_path: Path) -> None:
    film = FILMS[name]
    source = numbered.make(
        tmp_path / "film.mp4",
        rate=Fraction(film.rate),
        filters=film.filters,
        options=(*numbered.X264, "-c:a", "aac", *film.options),
    )
    middle = sum(film.clip) // 2
    halves = (film.clip[0], middle), (middle, film.clip[1])

    def shots(size: Size) -> list[ShotCrop]:
        """The whole picture, first at the top, then at the bottom."""
        return [moved(fit(size, half), down) for half, down in zip(halves, (0, 1), strict=True)]

    job = make_job(tmp_path / "job", source, film.clip, shots)
    assert render(job) == 0
    files = edit_files(read_documents(lambda path: read(job / path)), manifest(files=()))
    (job / "clips.otio").write_bytes(files[artifacts.OTIO])
    (timeline,) = otio.adapters.read_from_file(str(job / "clips.otio"))
    pieces = list(timeline.video_tracks()[0].find_clips())
    assert len(pieces) == 2
    shown = list(pictures(job / "clips/clip_01.mp4"))
    assert sum(piece.source_range.duration.to_frames() for piece in pieces) == len(shown)
    for piece in pieces:
        cut = edited(piece, job, film)
        here = [shown.pop(0)[rows_of(piece)] for _ in cut]
        finished = [numbered.number(pixels) for pixels in here]
        assert np.abs(np.subtract(cut, finished)).max() <= film.off


def moved(shot: ShotCrop, down: int) -> ShotCrop:
    (region,) = shot.regions
    top = down * (SMALL.height_px - region.target.height_px)
    target = region.target.model_copy(update={"y_px": top})
    return shot.model_copy(update={"regions": (region.model_copy(update={"target": target}),)})


def read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def edited(piece: otio.schema.Clip, job: Path, film: Film) -> list[int]:
    """The pictures that an editor shows for a part of the clip."""
    span, media = piece.source_range, piece.media_reference
    assert media.available_range.start_time.to_frames() == film.start
    path = job / media.target_url
    if film.filters:
        path = job / "conformed.mkv"
        even = ["-vf", f"fps={span.start_time.rate}", *numbered.X264]
        ffmpeg.run(["-y", "-i", str(job / media.target_url), *even, str(path)])
    first = span.start_time.to_frames() - film.start
    all_of_it = [numbered.number(pixels) for pixels in pictures(path)]
    return all_of_it[first : first + span.duration.to_frames()]


def rows_of(piece: otio.schema.Clip) -> slice:
    """Where the picture is in the clip, by the edit list."""
    (window,) = piece.metadata["clipmill"]["windows"]
    target = window["target"]
    return slice(target["y_px"], target["y_px"] + target["height_px"])


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
