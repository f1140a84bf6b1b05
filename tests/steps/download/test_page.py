"""The real YoutubeDL, with an extractor of the test's own for pages on the loopback interface.

What the sites' own extractors do cannot be tried here: they need the sites.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from yt_dlp.extractor import gen_extractor_classes
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.networking.common import Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError, UnsupportedError

from steps.contract.errors import (
    BadInput,
    HostFault,
    OverLimit,
    Refused,
    StepError,
    Transient,
    UnsupportedMedia,
)
from steps.download import DownloadParams, fetching, page, sites
from steps.download.partial import FOLDER_VARIABLE
from steps.download.refusals import leaf_for
from steps.media import ffmpeg
from steps.media.probe import probe
from steps.storage.locator import parse
from tests.steps import numbered
from tests.steps.download.served import Site, serving

VTT = b"WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nhello there\n"
BOUNDS = {"max_height_px": 1080, "max_bytes": 1 << 30, "max_duration_s": 100}


class LoopbackIE(InfoExtractor):  # type: ignore[misc]
    """Pages of `http://127.0.0.1:PORT/watch/KIND`."""

    IE_NAME = "loopback"
    _VALID_URL = r"http://127\.0\.0\.1:\d+/watch/(?P<id>\w+)"

    def _real_extract(self, url: str) -> dict[str, Any]:
        kind = self._match_id(url)
        root = url.partition("/watch/")[0]
        facts: dict[str, Any] = {
            "id": kind,
            "title": "A talk",
            "uploader": "Somebody",
            "language": "en",
            "duration": 3,
            "chapters": [{"start_time": 0, "end_time": 2, "title": "One"}],
            "subtitles": {"en": [{"url": f"{root}/en.vtt"}], "de": [{"url": f"{root}/de.vtt"}]},
            "automatic_captions": {"fr": [{"url": f"{root}/fr.vtt"}]},
            "formats": [
                {"url": f"{root}/small.mp4", "format_id": "s", "width": 48, "height": 32,
                 "vcodec": "h264", "acodec": "none", "ext": "mp4"},
                {"url": f"{root}/video.mp4", "format_id": "v", "width": 96, "height": 64,
                 "vcodec": "h264", "acodec": "none", "ext": "mp4"},
                {"url": f"{root}/audio.m4a", "format_id": "a", "vcodec": "none", "acodec": "aac",
                 "ext": "m4a"},
            ],
        }  # fmt: skip
        changes: dict[str, dict[str, Any]] = {
            "long": {"duration": 999},
            "live": {"live_status": "is_live"},
            "quiet": {"subtitles": {}},
        }
        if kind == "private":
            raise ExtractorError(
                "Private video. Sign in if you've been granted access", expected=True
            )
        if kind == "list":
            return self.playlist_result([self.url_result(f"{root}/watch/one")], "x", "many")
        return {**facts, **changes.get(kind, {})}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("site")
    whole = numbered.make(folder / "whole.mp4", frames=75)
    ffmpeg.run(["-i", str(whole), "-map", "0:v", "-c", "copy", str(folder / "video.mp4")])
    ffmpeg.run(["-i", str(whole), "-map", "0:a", "-c", "copy", str(folder / "audio.m4a")])
    small = ["-vf", "scale=48:32", "-an", str(folder / "small.mp4")]
    ffmpeg.run(["-i", str(whole), *small])
    names = ("video.mp4", "small.mp4", "audio.m4a")
    found = {f"/{name}": (folder / name).read_bytes() for name in names}
    return {**found, "/en.vtt": VTT, "/de.vtt": VTT.replace(b"hello", b"hallo")}


@pytest.fixture
def site(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    real = page._downloader

    def with_loopback(options: dict[str, Any]) -> Any:
        downloader = real(options)
        downloader.add_info_extractor(LoopbackIE(downloader))
        return downloader

    monkeypatch.setattr(page, "_downloader", with_loopback)
    with serving(Site(b"", files=files)) as served:
        yield served


def fetch(site: Site, kind: str, folder: Path, **changes: int) -> page.Page:
    told: list[int] = []
    url = f"http://127.0.0.1:{site.port}/watch/{kind}"
    found = page.fetch(
        url, folder, on_bytes=lambda done, _: told.append(done), **{**BOUNDS, **changes}
    )
    assert told
    return found


def test_picture_sound_and_creator_captions_are_fetched(site: Site, tmp_path: Path) -> None:
    found = fetch(site, "talk", tmp_path)
    media = probe(found.media)
    assert media.best_video is not None
    assert media.best_video.size.width_px == 96
    assert media.best_audio is not None
    assert found.subtitle is not None
    assert "hello there" in found.subtitle.read_text()
    assert found.info["uploader"] == "Somebody"
    assert "/de.vtt" not in [path for _, path, _ in site.asked]
    assert "/small.mp4" not in [path for _, path, _ in site.asked]


def test_no_captions_are_taken_where_there_are_none(site: Site, tmp_path: Path) -> None:
    assert fetch(site, "quiet", tmp_path).subtitle is None


def test_what_a_failed_job_left_does_not_serve_another_choice(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(fetching, "is_page", lambda _locator: True)
    url = f"http://127.0.0.1:{site.port}/watch/talk"

    def fetched(language: str, max_height_px: int) -> tuple[int, str]:
        params = DownloadParams.model_construct(
            source=url, language=language, max_height_px=max_height_px
        )
        with (
            suppress(InterruptedError),
            fetching.fetched(parse(url), params, tmp_path, lambda _done, _total: None) as found,
        ):
            video = probe(found.path).best_video
            assert video is not None
            answer = video.size.width_px, found.subtitles[0].read_text()
            raise InterruptedError
        return answer

    width_px, captions = fetched("de", 1080)
    assert (width_px, "hallo" in captions) == (96, True)
    width_px, captions = fetched("en", 32)
    assert (width_px, "hello" in captions) == (48, True)
    asked = len(site.asked)
    assert fetched("en", 32) == (width_px, captions)
    assert not any(path.endswith((".mp4", ".m4a")) for _, path, _ in site.asked[asked:])


@pytest.mark.parametrize(
    ("kind", "changes", "leaf", "words"),
    [
        ("long", {}, OverLimit, "--max-duration-s"),
        ("live", {}, BadInput, "live"),
        ("list", {}, BadInput, "list"),
        ("private", {}, Refused, "Private video"),
        ("talk", {"max_bytes": 500}, OverLimit, "--max-size-mib"),
    ],
)
def test_refusals(
    kind: str, changes: dict[str, int], leaf: type[StepError], words: str, site: Site,
    tmp_path: Path,
) -> None:  # fmt: skip
    with pytest.raises(StepError) as caught:
        fetch(site, kind, tmp_path, **changes)
    assert type(caught.value) is leaf
    assert words in str(caught.value)


def test_one_stream_over_the_limit_is_not_left_out(
    site: Site, files: dict[str, bytes], tmp_path: Path
) -> None:
    between = (len(files["/video.mp4"]) + len(files["/audio.m4a"])) // 2
    with pytest.raises(OverLimit, match="--max-size-mib"):
        fetch(site, "talk", tmp_path, max_bytes=between)
    assert probe(fetch(site, "talk", tmp_path).media).best_audio is not None


def test_only_named_extractors_are_loaded() -> None:
    with page._downloader(sites.options(Path(), max_height_px=1080, max_bytes=1)) as downloader:
        loaded = {extractor.IE_NAME for extractor in downloader._ies.values()}
    assert loaded == set(sites.EXTRACTORS)
    assert "generic" not in loaded
    known = {extractor.IE_NAME for extractor in gen_extractor_classes()}
    assert set(sites.EXTRACTORS) - known == set()


def test_an_unknown_site_is_refused_by_the_real_downloader(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a known video site"):
        page.fetch("http://127.0.0.1:1/x", tmp_path, on_bytes=lambda _done, _total: None, **BOUNDS)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://www.youtube.com/watch?v=BaW_jenozKc", True),
        ("https://youtu.be/BaW_jenozKc", True),
        ("https://vimeo.com/76979871", True),
        ("https://www.ted.com/talks/someone_something", True),
        ("https://www.youtube.com/playlist?list=PLx", False),
        ("https://example.org/film.mp4", False),
    ],
)
def test_known_pages(url: str, known: bool) -> None:
    assert page.is_known(url) is known


@pytest.mark.parametrize("name", ["cookiefile", "cookiesfrombrowser", "exec_cmd", "usenetrc",
                                  "enable_file_urls", "writelink", "netrc_cmd"])  # fmt: skip
def test_nothing_of_the_machine_is_read_or_run(name: str) -> None:
    assert not sites.options(Path(), max_height_px=1080, max_bytes=1).get(name)


@pytest.mark.parametrize(
    ("info", "chosen"),
    [
        ({"subtitles": {"en": [{}], "de": [{}]}, "language": "de"}, "de"),
        ({"subtitles": {"en-GB": [{}], "en": [{}]}, "language": "en"}, "en"),
        ({"subtitles": {"en-US": [{}]}, "language": "en-GB"}, "en-US"),
        ({"subtitles": {"fr": [{}], "en": [{}]}}, "en"),
        ({"subtitles": {"fr": [{}]}}, "fr"),
        ({"subtitles": {"fr": [{}], "es": [{}]}}, None),
        ({"subtitles": {"fr": [{}]}, "language": "en"}, None),
        ({"subtitles": {"live_chat": [{}]}}, None),
        ({"subtitles": None, "automatic_captions": {"en": [{}]}}, None),
        ({}, None),
    ],
)
def test_the_subtitle_to_take(info: dict[str, Any], chosen: str | None) -> None:
    assert sites.choose_subtitle(info) == chosen


def http_error(status: int) -> HTTPError:

    return HTTPError(Response(io.BytesIO(b""), "http://x/", {}, status=status))


def wrapped(cause: Exception | None, message: str = "") -> DownloadError:
    error = DownloadError(message or f"ERROR: [youtube] abc: {cause}")
    if cause is not None:
        error.exc_info = (type(cause), cause, None)
    return error


@pytest.mark.parametrize(
    ("error", "leaf"),
    [
        (wrapped(UnsupportedError("http://x/")), BadInput),
        (wrapped(GeoRestrictedError("not here")), Refused),
        (wrapped(ExtractorError("Video unavailable", expected=True)), Refused),
        (wrapped(ExtractorError("This video is DRM protected", expected=True)), Refused),
        (wrapped(None, "ERROR: Sign in to confirm you're not a bot"), Refused),
        (wrapped(ExtractorError("x", cause=http_error(404))), Refused),
        (wrapped(ExtractorError("x", cause=http_error(503))), Transient),
        (wrapped(ExtractorError("Too Many Requests", cause=http_error(429))), Transient),
        (wrapped(ExtractorError("you're not a bot", cause=http_error(429))), Refused),
        (wrapped(ExtractorError("x", cause=TransportError("reset"))), Transient),
        (wrapped(None, "ERROR: unable to download: timed out"), Transient),
        (wrapped(None, "ERROR: Requested format is not available"), UnsupportedMedia),
        (wrapped(None, "ERROR: [Errno 28] No space left on device"), HostFault),
    ],
)
def test_errors_become_leaves(error: DownloadError, leaf: type[StepError]) -> None:
    found = leaf_for(error, "youtube.com")
    assert type(found) is leaf
    assert "\n" not in str(found)


def test_an_id_is_not_a_reason() -> None:
    error = wrapped(None, "ERROR: [youtube] aDRm0xyz12_: Video unavailable")
    assert "Video unavailable" in str(leaf_for(error, "youtube.com"))


def test_the_reason_is_plain() -> None:
    message = "\x1b[0;31mERROR:\x1b[0m [youtube] BaW_jenozKc: Video unavailable; please report this"
    assert sites.plain_reason(message) == "Video unavailable"


def test_two_streams_are_too_large_together(tmp_path: Path) -> None:
    (tmp_path / "media.mp4").write_bytes(bytes(1001))
    with pytest.raises(OverLimit, match="--max-size-mib"):
        page._made(tmp_path, "the site", 1000)
