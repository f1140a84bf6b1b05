"""The whole step, through its door."""

import os
from fractions import Fraction
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, OverLimit, Refused, UnsupportedMedia
from steps.download import DownloadParams
from steps.download.versions import fingerprint
from steps.media import ffmpeg
from steps.storage import addresses
from tests.media.bad import bad
from tests.servers import S3Server
from tests.steps import numbered
from tests.steps.download.running import SRT, download, meta_of, receipt_of
from tests.steps.download.served import Site, serving


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("CLIPMILL_PARTIAL_DIR", str(tmp_path_factory.mktemp("partial")))


def test_the_facts(tmp_path: Path) -> None:
    marks = tmp_path / "marks.txt"
    chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=One\n"
    marks.write_text(f";FFMETADATA1\ntitle=On  bridges\n{chapter}")
    video = numbered.make(tmp_path / "v.mp4")
    path = tmp_path / "-my talk.mp4"
    ffmpeg.run(
        [
            *("-i", str(video), "-i", str(marks), "-map_metadata", "1", "-map_chapters", "1"),
            *("-metadata:s:a:0", "language=eng", "-c", "copy", f"file:{path}"),
        ]
    )
    assert download(path, tmp_path / "out") == 0
    meta = meta_of(tmp_path / "out")
    assert (meta.name, meta.title, meta.site, meta.language) == (
        "source",
        "On bridges",
        "file",
        "en",
    )
    assert [(mark.in_ms, mark.out_ms, mark.title) for mark in meta.chapters] == [(0, 1500, "One")]
    assert meta.duration_ms == 3200
    written = (tmp_path / "out" / "source_meta.json").read_text()
    assert str(tmp_path) not in written


def test_a_renamed_source_gives_the_same_bytes(tmp_path: Path) -> None:
    """Also its receipt, with a note about captions that cannot be read, and its cache key."""
    marks = set()
    for name in ("one", "other name"):
        path = numbered.make(tmp_path / f"{name}.mp4")
        path.with_suffix(".srt").write_text("nothing")
        assert download(path, tmp_path / f"{name} out") == 0
        marks.add(fingerprint(DownloadParams(source=str(path))))
    one, other = tmp_path / "one out", tmp_path / "other name out"
    for name in ("source.mkv", "audio.flac", "source_meta.json", "receipts/download.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()
    assert len(marks) == 1


def test_a_name_that_looks_like_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbered.make(tmp_path / "talk.mp4").rename(tmp_path / "-talk.mp4")
    monkeypatch.chdir(tmp_path)
    assert download("-talk.mp4", tmp_path / "out") == 0


def test_same_bytes_twice(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "a.mp4", rate=Fraction(30000, 1001))
    for out, at in (("one", ""), ("two", "0-1")):
        assert download(path, tmp_path / out, f"--at={at}") == 0
    for name in ("source.mkv", "audio.flac", "source_meta.json", "receipts/download.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert b"Lavf6" not in (tmp_path / "one" / "source.mkv").read_bytes()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty", BadInput.exit_code),
        ("text", UnsupportedMedia.exit_code),
        ("noise", UnsupportedMedia.exit_code),
        ("hls", UnsupportedMedia.exit_code),
        ("ffconcat", UnsupportedMedia.exit_code),
        pytest.param("bomb", OverLimit.exit_code, marks=pytest.mark.slow),
        ("no_frames", UnsupportedMedia.exit_code),
        ("one_frame", BadInput.exit_code),
        ("still_picture", UnsupportedMedia.exit_code),
        ("no_index", UnsupportedMedia.exit_code),
    ],
)
def test_bad_files_have_a_code_and_leave_nothing(name: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert download(bad(name, tmp_path / "in"), tmp_path / "out") == code
    left = [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert left == ["download.json", "download.json"]  # the receipt of the failure, the record


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    ffmpeg.run(["-f", "lavfi", "-i", "sine=duration=2", str(path)])
    assert download(path, tmp_path / "out") == UnsupportedMedia.exit_code
    assert "sound but no picture" in _message(tmp_path / "out")


def test_a_file_cut_short_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert download(bad("truncated", tmp_path / "in"), tmp_path / "out") == 0
    codes = {item.code for item in receipt_of(tmp_path / "out").degradations}
    assert codes == {"source-cut-short"}
    assert 1500 < meta_of(tmp_path / "out").duration_ms < 2500


def _message(out: Path) -> str:
    failure = receipt_of(out).failure
    assert failure is not None
    return failure.message


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--max-duration-s=2"], OverLimit.exit_code, "--max-duration-s"),
        (["--max-size-mib=0"], BadInput.exit_code, ""),
        (["--at=0-1,1:00-1:10"], BadInput.exit_code, "'1:00-1:10' starts after the source's end"),
        (["--range=1:00-2:00"], BadInput.exit_code, "--range: '1:00-2:00' starts after the source"),
    ],
)
def test_limits(options: list[str], code: int, words: str, tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "a.mp4")
    assert download(path, tmp_path / "out", *options) == code
    assert not words or words in _message(tmp_path / "out")


def test_places_that_are_no_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert download(tmp_path, out) == BadInput.exit_code
    assert "a folder" in _message(out)
    assert download(tmp_path / "absent.mp4", out) == BadInput.exit_code
    assert "check the path" in _message(out)
    assert download("www.youtube.com/watch?v=1", out) == BadInput.exit_code
    assert "https://" in _message(out)
    os.mkfifo(tmp_path / "pipe.mp4")
    assert download(tmp_path / "pipe.mp4", out) == BadInput.exit_code


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "a.mp4")
    path.chmod(0)
    assert download(path, tmp_path / "out") == BadInput.exit_code


def test_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = numbered.make(tmp_path / "a.mp4").read_bytes()
    with serving(Site(film, drop_after=len(film) // 2, drops=1)) as site:
        assert download(site.url, tmp_path / "out") == Refused.exit_code
        assert "private address" in _message(tmp_path / "out")
        monkeypatch.setenv(addresses.ALLOW_VARIABLE, "1")
        assert download(site.url, tmp_path / "out") == 0
        params = DownloadParams(source=site.url)
        first = fingerprint(params)
        site.etag = '"v2"'
        assert first != fingerprint(params)
    meta = meta_of(tmp_path / "out")
    assert (meta.name, meta.site, meta.duration_ms) == ("source", "file", 3200)
    assert str(site.port) not in (tmp_path / "out" / "source_meta.json").read_text()
    kept = Path(os.environ["CLIPMILL_PARTIAL_DIR"])
    assert [path.name for path in kept.rglob("*") if path.is_file()] == [".lock"]


def test_a_whole_file_that_is_no_use_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(addresses.ALLOW_VARIABLE, "1")
    with serving(Site(b"not a film")) as site:
        assert download(site.url, tmp_path / "out") == UnsupportedMedia.exit_code
    kept = Path(os.environ["CLIPMILL_PARTIAL_DIR"])
    assert [path.name for path in kept.rglob("*") if path.is_file()] == [".lock"]


def test_out_of_a_bucket(tmp_path: Path, s3_environment: S3Server) -> None:
    film = numbered.make(tmp_path / "a.mp4").read_bytes()
    s3_environment.client().put_object(
        Bucket=s3_environment.bucket, Key="in/my talk.mp4", Body=film
    )
    source = f"s3://{s3_environment.bucket}/in/my talk.mp4"
    assert download(source, tmp_path / "out") == 0
    assert meta_of(tmp_path / "out").duration_ms == 3200
    assert fingerprint(DownloadParams(source=source)) is not None
    assert download(f"{source}.absent", tmp_path / "out") == Refused.exit_code


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"one")
    params = DownloadParams(source=str(path))
    marks = [fingerprint(params)]
    path.write_bytes(b"two")
    marks.append(fingerprint(params))
    (tmp_path / "talk.srt").write_text(SRT)
    marks.append(fingerprint(params))
    assert len(set(marks)) == 3
    path.unlink()
    assert fingerprint(params) is None
