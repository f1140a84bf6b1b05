"""clipmill styles: list, show, preview."""

from pathlib import Path

import cv2
import numpy as np
import pysubs2
import pytest

from pipelines.__main__ import main
from steps.caption import PRESET_NAMES
from steps.caption.styles import parse_style


def test_the_list_names_every_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PRESET_NAMES)
    assert all(len(line.split()) > 3 for line in lines)


def test_what_is_shown_is_a_style(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles", "show", "neon"]) == 0
    assert parse_style(capsys.readouterr().out) == parse_style("neon")


def test_a_preview_is_drawn_on_a_picture(tmp_path: Path) -> None:
    frame, mine = tmp_path / "frame.png", tmp_path / "mine.toml"
    cv2.imwrite(str(frame), np.full((360, 640, 3), 90, np.uint8))
    mine.write_text('base = "clean"\ntext = "#00FF00"\nactive = "#00FF00"\n')
    into = tmp_path / "out.png"
    options = ["--text", "Not for sale", "--frame", str(frame), "--out", str(into)]
    assert main(["styles", "preview", str(mine), *options]) == 0
    picture = cv2.imread(str(into))
    assert picture.shape == (1920, 1080, 3)
    green = (picture == (0, 255, 0)).all(axis=2)
    assert 2000 < green.sum() < 200_000
    assert (picture[:300] == 90).all()


def test_a_preview_knows_its_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Long words are parted between syllables as in a job, and capitals are the language's."""
    scripts = []

    def kept(_arguments: object, cwd: Path) -> None:
        script = pysubs2.load(str(cwd / "captions.ass"))
        scripts.append(" ".join(event.plaintext.replace("\n", " ") for event in script))

    monkeypatch.setattr("steps.media.ffmpeg.run", kept)

    def said(text: str, *options: str) -> str:
        into = str(tmp_path / "out.png")
        assert main(["styles", "preview", "bold", "--text", text, "--out", into, *options]) == 0
        return scripts[-1]

    long = "Rechtsschutzversicherungsgesellschaft"
    assert "RECHTSSCHUTZVERSICHE- RUNGS" in said(long, "--language=de")
    assert said(long) != said(long, "--language=de")
    sentence = f"Die {long} zahlt, wenn man sie fragt"
    assert said(sentence) == said(sentence, "--language=de")
    assert "İ" in said("iyi", "--language=tr")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["show"], "no style is named"),
        (["show", "neom"], "did you mean neon?"),
        (["preview", "neon", "--frame", "nosuch.png"], "nosuch.png does not exist"),
        (["preview", "neon", "--text", " "], "has no words to show"),
        (["preview", "neon", "--out", "nosuch/a.png"], "nosuch does not exist"),
        (["preview", "neon", "--language", "germanisch"], "'germanisch' is not a language"),
        (["list", "--text", "a"], "belong to `preview`"),
        (["show", "neon", "--language", "de"], "belong to `preview`"),
    ],
)
def test_bad_input_is_one_line(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["styles", *options]) == 80
    said = capsys.readouterr().err
    assert message in said
    assert len(said.strip().splitlines()) == 1
