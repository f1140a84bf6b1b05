from fractions import Fraction
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, OverLimit, StepError, UnsupportedMedia
from steps.media import ffmpeg
from steps.media.probe import probe, upright
from steps.media.sniff import HEAD_BYTES, sniff
from tests.media.bad import bad
from tests.media.dolby import dolby_vision, in_matroska, in_transport_stream
from tests.steps import numbered


@pytest.mark.parametrize(
    ("head", "medium", "demuxer"),
    [
        (b"\0\0\0\x18ftypmp42", "video", "mov"),
        (b"\0\0\0\x18ftypavif", "picture", ""),
        (b"\x1aE\xdf\xa3\x01", "video", "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "video", "avi"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio", ""),
        ((b"\x47" + bytes(187)) * 6, "video", "mpegts"),
        ((bytes(4) + b"\x47" + bytes(187)) * 6, "video", "mpegts"),
        (b"G" + bytes(600), "unknown", ""),
        (b"\xef\xbb\xbf#EXTM3U\n", "playlist", ""),
        (b"  \nffconcat version 1.0", "playlist", ""),
        (b'<?xml version="1.0"?><MPD xmlns="x">', "playlist", ""),
        ("é".encode() * (HEAD_BYTES // 2 - 1) + b"ab\xc3", "text", ""),
        (b"ID3\x04", "audio", ""),
        (b"\xff\xd8\xff\xe0", "picture", ""),
        (b"%PDF-1.7", "text", ""),
        (bytes(range(256)), "unknown", ""),
    ],
)
def test_files_are_known_by_their_first_bytes(head: bytes, medium: str, demuxer: str) -> None:
    found = sniff(head)
    assert (found.medium, found.demuxer) == (medium, demuxer)


@pytest.mark.parametrize(
    ("name", "leaf", "words"),
    [
        ("empty", BadInput, "is empty"),
        ("text", UnsupportedMedia, "a text file"),
        ("noise", UnsupportedMedia, "an unknown format"),
        ("hls", UnsupportedMedia, "a playlist"),
        ("ffconcat", UnsupportedMedia, "a playlist"),
        ("bomb", OverLimit, "8192x8192"),
        ("still_picture", UnsupportedMedia, "a picture (PNG)"),
        ("no_index", UnsupportedMedia, "damaged or incomplete"),
    ],
)
def test_bad_files_are_refused_in_one_line(
    name: str, leaf: type[StepError], words: str, tmp_path: Path
) -> None:
    with pytest.raises(StepError) as caught:
        probe(bad(name, tmp_path))
    assert type(caught.value) is leaf
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_too_many_streams_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.mkv"
    maps = ["-map", "0:v"] * 33
    source = ["-f", "lavfi", "-i", "color=gray:size=64x48:duration=0.2"]
    ffmpeg.run([*source, *maps, "-c:v", "libx264", "-preset", "ultrafast", str(path)])
    with pytest.raises(OverLimit, match="streams"):
        probe(path)


@pytest.mark.parametrize(
    ("coded", "aspect", "rotation", "shown"),
    [
        ((1920, 1080), (1, 1), 0, (1920, 1080)),
        ((1920, 1080), (1, 1), 90, (1080, 1920)),
        ((720, 576), (16, 15), 0, (768, 576)),
        ((720, 480), (8, 9), 0, (720, 540)),
        ((1440, 1080), (4, 3), 270, (1080, 1920)),
        ((853, 481), (1, 1), 0, (852, 480)),
    ],
)
def test_the_size_as_shown(
    coded: tuple[int, int], aspect: tuple[int, int], rotation: int, shown: tuple[int, int]
) -> None:
    assert upright(coded, Fraction(*aspect), rotation) == shown


def test_the_best_streams_are_chosen(tmp_path: Path) -> None:
    """The large picture over the small and the cover; the default sound over the commentary."""
    path, cover = tmp_path / "film.mp4", tmp_path / "cover.png"
    ffmpeg.run(["-f", "lavfi", "-i", "color=red:size=256x256", "-frames:v", "1", str(cover)])
    ffmpeg.run(
        [
            *("-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1"),
            *("-f", "lavfi", "-i", "testsrc=size=128x96:rate=10:duration=1"),
            *("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=1"),
            *("-i", str(cover), "-map", "0", "-map", "1", "-map", "2", "-map", "2", "-map", "3"),
            *("-c:v", "libx264", "-c:v:2", "png", "-disposition:v:2", "attached_pic"),
            *("-disposition:a:0", "comment", "-disposition:a:1", "default"),
            *("-metadata", "title=A title", str(path)),
        ]
    )
    media = probe(path)
    assert media.best_video is not None
    assert media.best_audio is not None
    assert (media.best_video.size.width_px, media.best_audio.index) == (128, 3)
    assert media.tags["title"] == "A title"


def test_a_file_that_keeps_its_reader_waiting_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight sparse gigabytes after the head of a file: nothing ever comes."""
    monkeypatch.setattr("steps.media.opening.PROBE_SECONDS", 0.5)
    monkeypatch.setattr("steps.media.ffmpeg.NAMING_SECONDS", 0.5)
    film, path = tmp_path / "film.mkv", tmp_path / "sparse.mkv"
    source = "color=gray:size=64x48:duration=1"
    ffmpeg.run(["-f", "lavfi", "-i", source, "-c:v", "libx264", str(film)])
    with path.open("wb") as file:
        file.write(film.read_bytes()[:700])
        file.truncate(8_000_000_000)
    with pytest.raises(OverLimit, match="to open"):
        probe(path)


def test_only_dolby_vision_without_plain_colours_is_refused(tmp_path: Path) -> None:
    for profile, compatible in ((8, 4), (5, 0)):
        film = dolby_vision(tmp_path / "phone.mp4", profile, compatible)
        stream = in_transport_stream(film, profile, compatible)
        for path in (film, in_matroska(film), stream):
            if profile == 8:
                assert probe(path).video[0].codec == "hevc"
                continue
            with pytest.raises(UnsupportedMedia, match="Dolby Vision of profile 5"):
                probe(path)


@pytest.mark.parametrize(
    ("container", "options"),
    [
        ("mov", ("-timecode", "01:00:00;00")),
        ("mp4", ("-timecode", "01:00:00;00")),
        ("mkv", ("-metadata", "timecode=01:00:00;00")),
        ("mxf", ("-timecode", "01:00:00;00")),
        ("mov", ()),
    ],
)
def test_a_start_time_code(container: str, options: tuple[str, ...], tmp_path: Path) -> None:
    film = numbered.make(tmp_path / "film.mp4", rate=Fraction(30000, 1001), frames=4, sound=None)
    stamped = tmp_path / f"stamped.{container}"
    ffmpeg.run(["-i", str(film), "-c", "copy", *options, str(stamped)])
    assert probe(stamped).timecode == ("01:00:00;00" if options else "")
