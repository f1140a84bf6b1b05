"""Which captions become captions.vtt: those in the language that was asked for, or none."""

import os
from pathlib import Path

import pytest

from steps.formats import webvtt
from steps.media import ffmpeg
from steps.model.timing import clock
from tests.steps import numbered
from tests.steps.download.running import SRT, download, meta_of, receipt_of

ENGLISH = "The biggest mistake of my life took eleven seconds. I think about it every day."
GERMAN = "Der größte Fehler meines Lebens dauerte elf Sekunden. Ich denke jeden Tag daran."
RUSSIAN = "Самая большая ошибка в моей жизни длилась одиннадцать секунд. Я думаю про неё."
INTRA = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "1")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered.make(tmp_path_factory.mktemp("talk") / "talk.mp4")


def srt(text: str) -> str:
    return f"1\n00:00:00,500 --> 00:00:01,500\n{text}\n"


def captions_of(out: Path) -> tuple[str, str]:
    """Their language and their first line."""
    file = webvtt.read((out / "captions.vtt").read_text())
    return file.language, file.subtitles[0].texts[0]


def fallbacks(out: Path) -> list[str]:
    return [item.message for item in receipt_of(out).degradations if "caption" in item.code]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_subtitles_inside_are_extracted(suffix: str, tmp_path: Path) -> None:
    video, text = numbered.make(tmp_path / "v.mp4"), tmp_path / "text.srt"
    text.write_text(SRT)
    path = tmp_path / f"film{suffix}"
    codec = "mov_text" if suffix == ".mp4" else "srt"
    ffmpeg.run(["-i", str(video), "-i", str(text), "-c", "copy", "-c:s", codec, str(path)])
    assert download(path, tmp_path / "out") == 0
    assert meta_of(tmp_path / "out").captions == "embedded"
    written = (tmp_path / "out" / "captions.vtt").read_text()
    assert "00:00.500 --> " in written
    assert "Hello there" in written


@pytest.mark.parametrize("place", ["inside", "beside"])
def test_captions_and_chapters_move_with_the_first_picture(place: str, tmp_path: Path) -> None:
    """It comes 1.4 s after the sound; cues before it are left out, and one that goes on is not."""
    text, path, marks = (tmp_path / name for name in ("film.srt", "film.mkv", "marks"))
    marks.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/10\nSTART=9\nEND=24\ntitle=One\n")
    spans = [(100, 900), (1000, 1900), (2000, 2900)]
    text.write_text(
        "".join(
            f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\nWord {number}\n\n"
            for number, (start, end) in enumerate(spans)
        )
    )
    late = ["-bsf:v", "noise=drop='lt(pts*tb,1.39)'", "-c", "copy", "-c:s", "srt"]
    maps = ["-map", "0", *(["-map", "1"] if place == "inside" else [])]
    whole = numbered.make(tmp_path / "whole.mp4", rate=10, options=(*INTRA, "-c:a", "aac"))
    sources = [part for one in (whole, text, marks) for part in ("-i", str(one))]
    ffmpeg.run([*sources, *maps, "-map_chapters", "2", *late, str(path)])
    if place == "inside":
        text.unlink()
    assert download(path, tmp_path / "out") == 0
    cues = webvtt.read((tmp_path / "out/captions.vtt").read_text()).subtitles
    assert [cue.texts for cue in cues] == [["Word 1"], ["Word 2"]]
    times = [time for cue in cues for time in (cue.in_ms, cue.out_ms)]
    assert times == pytest.approx([0, 500, 600, 1500], abs=40)
    meta = meta_of(tmp_path / "out")
    assert meta.before_ms == pytest.approx(1400, abs=40)
    assert [(one.in_ms, one.out_ms) for one in meta.chapters] == [(0, 2400 - meta.before_ms)]


def test_a_sidecar_is_taken(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "talk.mp4")
    (tmp_path / "talk.srt").write_text(SRT)
    assert download(path, tmp_path / "out") == 0
    assert meta_of(tmp_path / "out").captions == "sidecar"
    assert (
        "00:00:00.500 --> 00:00:01.500\nHello there"
        in (tmp_path / "out" / "captions.vtt").read_text()
    )


def test_a_bad_sidecar_is_left_out_aloud(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "talk.mp4")
    (tmp_path / "talk.srt").write_text("nothing")
    assert download(path, tmp_path / "out") == 0
    assert meta_of(tmp_path / "out").captions == "none"
    codes = [item.code for item in receipt_of(tmp_path / "out").degradations]
    assert codes == ["captions-unreadable"]


@pytest.mark.parametrize(
    ("files", "asked", "expected"),
    [
        ({"talk.de.srt": GERMAN, "talk.en.srt": ENGLISH}, "en", ("en", ENGLISH)),
        ({"talk.de.srt": GERMAN, "talk.en.srt": ENGLISH}, "de", ("de", GERMAN)),
        ({"talk.srt": GERMAN, "talk.forced.srt": ENGLISH}, "en", ("en", ENGLISH)),
        ({"talk.srt": GERMAN, "talk.English.srt": ENGLISH}, "en", ("en", ENGLISH)),
        ({"talk.srt": "Hi.", "talk.de.srt": GERMAN}, "en", ("", "Hi.")),
        ({"talk.srt": GERMAN}, "auto", ("de", GERMAN)),
    ],
    ids=["names", "the other one", "texts", "a name and a text", "too short to say", "auto"],
)
def test_the_asked_language_wins(
    talk: Path, tmp_path: Path, files: dict[str, str], asked: str, expected: tuple[str, str]
) -> None:
    os.link(talk, tmp_path / "talk.mp4")
    for name, text in files.items():
        (tmp_path / name).write_text(srt(text))
    assert download(tmp_path / "talk.mp4", tmp_path / "out", f"--language={asked}") == 0
    assert captions_of(tmp_path / "out") == expected
    assert not fallbacks(tmp_path / "out")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("fr", "the captions that came with the source are in 'de' and 'en', not in 'fr'"),
        (
            "auto",
            "are in 'de' and 'en', and nothing states which is spoken: say so with --language",
        ),
    ],
)
def test_captions_in_other_languages_are_left_out_aloud(
    talk: Path, tmp_path: Path, asked: str, message: str
) -> None:
    os.link(talk, tmp_path / "talk.mp4")
    for name, text in {"talk.de.srt": GERMAN, "talk.srt": ENGLISH}.items():
        (tmp_path / name).write_text(srt(text))
    assert download(tmp_path / "talk.mp4", tmp_path / "out", f"--language={asked}") == 0
    assert meta_of(tmp_path / "out").captions == "none"
    (fallback,) = fallbacks(tmp_path / "out")
    assert message in fallback


def test_an_old_encoding_gives_the_right_letters(talk: Path, tmp_path: Path) -> None:
    os.link(talk, tmp_path / "talk.mp4")
    (tmp_path / "talk.srt").write_bytes(srt(RUSSIAN).encode("cp1251"))
    assert download(tmp_path / "talk.mp4", tmp_path / "out") == 0
    assert captions_of(tmp_path / "out") == ("ru", RUSSIAN)


def test_an_encoding_that_cannot_be_told_is_refused(talk: Path, tmp_path: Path) -> None:
    os.link(talk, tmp_path / "talk.mp4")
    (tmp_path / "talk.srt").write_bytes(srt("Żółw.").encode("cp1250"))
    assert download(tmp_path / "talk.mp4", tmp_path / "out") == 0
    assert meta_of(tmp_path / "out").captions == "none"
    (fallback,) = fallbacks(tmp_path / "out")
    assert "its encoding is not UTF-8 and may be cp1250" in fallback


def test_the_stream_inside_in_the_asked_language(talk: Path, tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    texts = {"ger": GERMAN, "eng": ENGLISH}
    inputs: list[str] = []
    for code, text in texts.items():
        (tmp_path / f"{code}.srt").write_text(srt(text))
        inputs += ["-i", str(tmp_path / f"{code}.srt")]
    tags = [f"-metadata:s:s:{at}=language={code}" for at, code in enumerate(texts)]
    tags = [part for tag in tags for part in tag.split("=", 1)]
    maps = ["-map", "0:v", "-map", "1", "-map", "2"]
    ffmpeg.run(["-i", str(talk), *inputs, *maps, "-c", "copy", *tags, str(path)])
    assert download(path, tmp_path / "en", "--language=en") == 0
    assert captions_of(tmp_path / "en") == ("en", ENGLISH)
    assert download(path, tmp_path / "fr", "--language=fr") == 0
    assert meta_of(tmp_path / "fr").captions == "none"
