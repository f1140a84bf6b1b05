"""Captions in the user's font, and what is said of files that are no fonts."""

import hashlib
from pathlib import Path

import pytest

from steps.caption.faces import Bundled, faces
from steps.caption.own_font import FAMILY, check_font
from steps.contract.errors import BadInput
from steps.contract.receipt import Receipt
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK, TWEMOJI
from steps.storage import open_store
from tests.steps.caption.samples import METRICS, SPEECH, spoken
from tests.steps.caption.test_layout import ink
from tests.steps.caption.test_work import caption, job

BUNDLED = Bundled(METRICS, NOTO.find, NOTO_CJK.find, TWEMOJI.find)
OWN = NOTO.find() / "NotoSansGeorgian[wght].ttf"
"""A variable font with Georgian and Latin letters."""


def test_the_users_font_draws_what_it_has_and_montserrat_the_rest(tmp_path: Path) -> None:
    folder = job(tmp_path, spoken("hello გამარჯობა Привет"), (0, 4000))
    assert caption(folder, f"--font={OWN}") == 0
    assert Receipt.from_file(folder / "receipts/caption.json").degradations == ()
    script = (folder / "clips/clip_01.ass").read_text()
    assert f"Style: Words,{FAMILY}," in script
    assert "fontname: clipmill_own.ttf" in script
    assert "\\fnMontserrat ExtraBold\\fs" in script
    assert (folder / "inputs/font").read_bytes() == OWN.read_bytes()
    assert ink(script, 0.5, tmp_path, rate=4)


def test_a_variable_font_is_bold_and_small() -> None:
    found = faces([SPEECH], "en", BUNDLED, OWN.read_bytes())
    assert found.own is not None
    assert len(found.own.data) < 40_000
    assert [font.family for font in found.others] == ["Montserrat ExtraBold"]


@pytest.mark.parametrize(
    "data",
    [b"words", b"\0\1\0\0" + b"\xff" * 500, b"OTTO" + bytes(40), b"wOF2" + bytes(99), b"ttcf\0\1"],
)
def test_what_is_no_font_is_one_clear_line(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="give a TrueType or OpenType file") as caught:
        check_font(data)
    assert "\n" not in str(caught.value)
    (tmp_path / "bad.ttf").write_bytes(data)
    assert caption(job(tmp_path, spoken(), (0, 3000)), f"--font={tmp_path / 'bad.ttf'}") == 80


def test_a_damaged_font_is_refused() -> None:
    whole = Path(MONTSERRAT.find()).read_bytes()
    check_font(whole)
    for cut in range(50, len(whole), len(whole) // 60):
        with pytest.raises(BadInput, match="not a usable font"):
            check_font(whole[:cut])


@pytest.mark.parametrize("place", ["folder", "bucket"])
def test_the_font_beside_a_style_draws_wherever_the_style_is(
    place: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"mine.toml": b'base = "clean"\nfont = "Mine.ttf"\n', "Mine.ttf": OWN.read_bytes()}
    where = str(tmp_path / "looks")
    if place == "bucket":
        server = request.getfixturevalue("s3_server")
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        where = f"s3://{server.bucket}/looks"
    store = open_store(where)
    store.write_bytes("mine.toml", files["mine.toml"])
    folder = job(tmp_path, spoken(), (0, 3000))
    assert caption(folder, f"--style={where}/mine.toml") == 0
    (fallback,) = Receipt.from_file(folder / "receipts/caption.json").degradations
    assert "'Mine.ttf' is not beside the style's file: put it there" in fallback.message
    store.write_bytes("Mine.ttf", files["Mine.ttf"])
    assert caption(folder, f"--style={where}/mine.toml") == 0
    receipt = Receipt.from_file(folder / "receipts/caption.json")
    assert receipt.degradations == ()
    digest = hashlib.sha256(files["Mine.ttf"]).hexdigest()
    assert receipt.params["font"] == f"sha256:{digest}"
    assert f"Style: Words,{FAMILY}," in (folder / "clips/clip_01.ass").read_text()
