from pathlib import Path

import pytest

from steps.contract.errors import UnsupportedMedia
from steps.download.subtitles import best_embedded, read_sidecar, sidecars_of, to_webvtt
from steps.formats import webvtt
from steps.media.streams import SubtitleStream

SRT = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Tom</i> & Anna\r\n\r\n"
    "2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n"
)
ASS = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\b1}Bye{\\b0}
Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,Tom & Anna
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}
"""
WEBVTT = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nTom &amp; Anna\n\n"
    "00:00:03.000 --> 00:00:04.000\nBye\n"
)


@pytest.mark.parametrize(("text", "suffix"), [(SRT, ".srt"), (ASS, ".ass")])
def test_every_format_becomes_webvtt(text: str, suffix: str) -> None:
    assert to_webvtt(text, "a", suffix) == WEBVTT


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_webvtt_keeps_its_word_times(ending: str) -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<00:00:01.100><c>Hi</c>\n"
    assert to_webvtt(text.replace("\n", ending), "a", ".vtt") == text


@pytest.mark.parametrize(
    ("text", "suffix"), [("hello", ".srt"), ("WEBVTT\n", ".vtt"), ("", ".ass"), (ASS[:60], ".ass")]
)
def test_no_cues_is_said(text: str, suffix: str) -> None:
    with pytest.raises(UnsupportedMedia):
        to_webvtt(text, "a.srt", suffix)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["talk.srt", "talk.vtt", "talk.ass"], "talk.vtt talk.srt talk.ass"),
        (["talk.en.vtt", "talk.ass"], "talk.ass talk.en.vtt"),
        (["talk.en.srt", "talk.de.srt"], "talk.de.srt talk.en.srt"),
        (["talk.en.srt", "talk.en.forced.srt"], "talk.en.srt talk.en.forced.srt"),
        (["talk.pt-BR.hi.srt"], "talk.pt-BR.hi.srt"),
        (["talks.srt", "talk.mp4.txt", "other.srt"], ""),
        (["talk.final.cut.srt", "talk.2.en.srt", "talk.my.cut.srt"], ""),
    ],
)
def test_the_sidecars_of_a_video(names: list[str], expected: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in sidecars_of(tmp_path / "talk.mp4")] == expected.split()


GERMAN = "Der größte Fehler meines Lebens dauerte elf Sekunden. Ich denke jeden Tag daran."


def beside(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    if path.suffix == ".srt":
        text = f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("talk.fr.srt", GERMAN, "fr"),
        ("talk.German.srt", "Ja.", "de"),
        ("talk.ger.sdh.srt", "Ja.", "de"),
        ("talk.vtt", f"WEBVTT\nLanguage: nl-BE\n\n00:01.000 --> 00:02.000\n{GERMAN}\n", "nl"),
        ("talk.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000\n{GERMAN}\n", "de"),
        ("talk.srt", GERMAN, "de"),
        ("talk.srt", "Ja.", ""),
    ],
    ids=["name", "word", "three letters", "header", "text", "SubRip", "too short"],
)
def test_the_language_of_captions(name: str, text: str, language: str, tmp_path: Path) -> None:
    found = read_sidecar(beside(tmp_path, name, text), tmp_path / "talk.mp4")
    assert found.language == language
    assert webvtt.read(found.text).language == language
    assert len(webvtt.read(found.text).subtitles) == 1


def test_an_old_encoding_is_read_by_the_language_in_the_name(tmp_path: Path) -> None:
    path = beside(tmp_path, "talk.pl.srt", "Już idę, mężu.", "cp1250")
    assert "Już idę, mężu." in read_sidecar(path, tmp_path / "talk.mp4").text
    unnamed = beside(tmp_path, "talk.srt", "Już idę, mężu.", "cp1250")
    with pytest.raises(
        UnsupportedMedia, match=r"not UTF-8 and may be cp1250 or .*save it as UTF-8"
    ):
        read_sidecar(unnamed, tmp_path / "talk.mp4")
    assert "Już idę, mężu." in read_sidecar(unnamed, tmp_path / "talk.mp4", "pl").text


def stream(index: int, **facts: object) -> SubtitleStream:
    known = {"codec": "subrip", "language": "", "is_text": True, "is_default": False,
             "is_forced": False}  # fmt: skip
    return SubtitleStream(index=index, **{**known, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("streams", "language", "chosen"),
    [
        ((), "en", None),
        ((stream(2, is_text=False),), "", None),
        ((stream(2, is_forced=True),), "", None),
        ((stream(2, language="ger", is_default=True), stream(3, language="eng")), "en", 3),
        ((stream(2), stream(3, is_default=True)), "", 3),
        ((stream(2), stream(3)), "", 2),
    ],
)
def test_the_best_stream_inside(
    streams: tuple[SubtitleStream, ...], language: str, chosen: int | None
) -> None:
    found = best_embedded(streams, language)
    assert (found.index if found else None) == chosen


def test_no_stream_in_another_language_than_asked() -> None:
    german, unnamed = stream(2, language="ger", is_default=True), stream(3)
    assert best_embedded((german,), "en", asked=True) is None
    assert best_embedded((german, unnamed), "en", asked=True) == unnamed
    assert best_embedded((german,), "de", asked=True) == german


def test_a_folder_that_may_not_be_listed_has_no_sidecars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert sidecars_of(tmp_path / "talk.mp4") == []
