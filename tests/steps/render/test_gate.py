"""The gate finds what is wrong in made bad files, by their pixels."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from steps.contract.receipt import Receipt
from steps.media import ffmpeg
from steps.model.canvas import Canvas
from steps.model.captions import Captions
from steps.model.crop import Crops, ShownFace
from steps.model.geometry import Box, Size
from steps.model.render_check import RenderCheck
from steps.model.timing import Span
from steps.model.tracks import ClipTracks, Detection, ShotTracks, Track, Tracks, Turn
from steps.render.graph import CAPTIONS_FILE
from steps.render.ink import draw, has_room, measured_ink, moments, smallest_line
from steps.render.pictures import SmallPictures, decode, judged, small_size
from steps.render.plan import clip_grid
from steps.render.sightings import Sighting
from tests.steps import numbered
from tests.steps.caption.samples import FONT, spoken
from tests.steps.render.jobs import SMALL, focus, make_job, render, step

SPAN = Span(in_ms=0, out_ms=5000)
GRID = clip_grid(SPAN, Fraction(30), 0)
MOVING = "testsrc2=s=270x480:r=30:d=5"
CODING = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-sc_threshold", "0",
          "-pix_fmt", "yuv420p", "-c:a", "aac", "-use_editlist", "0")  # fmt: skip


def film(path: Path, filters: str = "null", source: str = MOVING) -> Path:
    """Five seconds with a tone, 30 frames a second."""
    inputs = ["-f", "lavfi", "-i", f"{source},{filters}", "-f", "lavfi", "-i", "sine=440:d=5"]
    ffmpeg.run([*inputs, *CODING, str(path)])
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("gate") / "source.mkv")


FREEZE = "trim=end_frame=40,tpad=stop=110:stop_mode=clone"
BAD = {
    "nothing": ("null", 0.0, 0.0, 0),
    "black": ("drawbox=c=black:t=fill:enable=between(n\\,40\\,100)", 2.0, 1.5, 0),
    "frozen": (FREEZE, 0.0, 3.0, 0),
    "a stray first frame": ("drawbox=c=white:t=fill:enable=eq(n\\,0)", 0.0, 0.0, 1),
    "two stray last frames": ("drawbox=c=white:t=fill:enable=gte(n\\,148)", 0.0, 0.0, 2),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_pictures_are_found(name: str, source: Path, tmp_path: Path) -> None:
    filters, black_s, frozen_s, stray = BAD[name]
    pictures = decode(film(tmp_path / "clip.mp4", filters), GRID, SMALL)
    rows = np.zeros(small_size(SMALL).height_px, bool)
    found = judged(pictures, rows, source, GRID, SMALL)
    assert found.black_s == pytest.approx(black_s, abs=0.5)
    assert found.frozen_s == pytest.approx(frozen_s, abs=0.5)
    assert found.stray_frames == stray


@pytest.mark.parametrize("name", ["black", "frozen"])
def test_what_the_source_shows_is_no_fault(name: str, tmp_path: Path) -> None:
    """The source is the bad file itself."""
    video = film(tmp_path / "clip.mp4", BAD[name][0])
    rows = np.zeros(small_size(SMALL).height_px, bool)
    found = judged(decode(video, GRID, SMALL), rows, video, GRID, SMALL)
    assert found.black_s < 1.0
    assert found.frozen_s < 2.0


def test_captions_that_change_do_not_hide_a_frozen_picture(source: Path, tmp_path: Path) -> None:
    text = "drawbox=y=300:h=40:c=white:t=fill:enable=lt(mod(t\\,1)\\,0.4)"
    pictures = decode(film(tmp_path / "clip.mp4", f"{FREEZE},{text}"), GRID, SMALL)
    rows = np.zeros(small_size(SMALL).height_px, bool)
    assert judged(pictures, rows, source, GRID, SMALL).frozen_s < 2
    rows[295:345] = True
    assert judged(pictures, rows, source, GRID, SMALL).frozen_s >= 2.5


SCRIPT = """[Script Info]
ScriptType: v4.00+
PlayResX: 1080
PlayResY: 1920
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Words,Montserrat ExtraBold,120,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,1,0,0,0,100,100,\
0,0,1,7,0,5,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:00:05.00,Words,bar,0,0,0,,{\\an7\\pos(0,1900)\\p1}m 0 0 l 900 0 900 20 0 20
Dialogue: 1,0:00:00.00,0:00:05.00,Words,,0,0,0,,{\\pos(540,1000)}SOME WORDS
"""
SAFE = Canvas(SMALL).in_pixels(Box.of_edges(108, 384, 940, 1250))


@cache
def bare() -> SmallPictures:
    with TemporaryDirectory() as folder:
        return decode(film(Path(folder, "clip.mp4")), GRID, SMALL)


def ink(
    folder: Path, script: str, *, burned: bool, face: Box | None = None, texts: tuple[Box, ...] = ()
) -> tuple[float, ...]:
    """Share drawn, pixels outside, shares on faces and on text, of a clip with SCRIPT or not."""
    fonts = folder / "fonts"
    fonts.mkdir()
    (fonts / FONT.name).write_bytes(FONT.read_bytes())
    (folder / CAPTIONS_FILE).write_text(SCRIPT)
    ass = f"ass={folder / CAPTIONS_FILE}:fontsdir={fonts}"
    pictures = decode(film(folder / "clip.mp4", ass), GRID, SMALL) if burned else bare()
    (folder / CAPTIONS_FILE).write_text(script)
    numbers = moments([SPAN], GRID)[::3]
    drawn = draw(numbers, GRID, small_size(SMALL), folder)
    found = measured_ink(
        drawn,
        [pictures.keys[one] for one in numbers],
        [15 * one for one in numbers],
        safe=SAFE,
        seen=lambda _: [] if face is None else [Sighting("face_1", edges(face), 1.0, True)],
        texts=lambda _: texts,
        canvas=Canvas(SMALL),
        script=script,
    )
    return found.drawn, found.outside_px or 0, found.on_faces, found.on_texts


def edges(box: Box) -> tuple[float, float, float, float]:
    return box.x_px, box.y_px, box.right_px, box.bottom_px


def test_good_captions_pass(tmp_path: Path) -> None:
    face = Box.of_edges(60, 110, 200, 220)
    line = Box.of_edges(20, 110, 250, 210)
    assert ink(tmp_path, SCRIPT, burned=True, face=face, texts=(line,)) == (1.0, 0, 0.0, 0.0)


def test_captions_that_are_not_in_the_picture_are_missed(tmp_path: Path) -> None:
    assert ink(tmp_path, SCRIPT, burned=False)[0] == 0.0


def test_ink_outside_the_safe_box_is_counted(tmp_path: Path) -> None:
    low = SCRIPT.replace("540,1000", "540,1260")
    assert ink(tmp_path, low, burned=False)[1] > 1000


@pytest.mark.parametrize(
    ("face", "on_faces"),
    [
        (Box.of_edges(60, 200, 200, 300), 1.0),
        (Box.of_edges(0, 90, 270, 320), 0.0),
        (Box.of_edges(60, 110, 200, 200), 0.0),
    ],
    ids=["over it", "no room at all", "above it"],
)
def test_ink_on_faces_counts_where_there_was_room(
    face: Box, on_faces: float, tmp_path: Path
) -> None:
    assert ink(tmp_path, SCRIPT, burned=False, face=face)[2] == on_faces


@pytest.mark.parametrize(
    ("texts", "on_texts"),
    [
        ((Box.of_edges(20, 230, 250, 260),), 1.0),
        ((Box.of_edges(20, 90, 250, 320),), 0.0),
        ((Box.of_edges(20, 230, 250, 260), Box.of_edges(20, 90, 250, 215)), 1.0),
        (tuple(Box.of_edges(20, top, 250, top + 20) for top in range(90, 320, 30)), 0.0),
        ((Box.of_edges(0, 230, 20, 260), Box.of_edges(250, 230, 270, 260)), 0.0),
    ],
    ids=["over it", "no room at all", "room below", "lines without room between", "beside it"],
)
def test_ink_on_the_pictures_text_counts_where_there_was_room(
    texts: tuple[Box, ...], on_texts: float, tmp_path: Path
) -> None:
    assert ink(tmp_path, SCRIPT, burned=False, texts=texts)[3] == on_texts


def test_a_face_leaves_no_room_for_what_is_over_text(tmp_path: Path) -> None:
    text, face = Box.of_edges(20, 225, 250, 320), Box.of_edges(60, 90, 200, 224)
    assert ink(tmp_path, SCRIPT, burned=False, texts=(text,), face=face)[3] == 0.0


def test_room_between_faces() -> None:
    assert has_room([(0, 300), (500, 900)], 100, 900, 150)
    assert not has_room([(0, 300), (400, 900)], 100, 900, 150)
    assert has_room([], 100, 900, 800)


def test_the_smallest_line_is_that_of_text() -> None:
    assert smallest_line(SCRIPT) == 120
    assert smallest_line(SCRIPT.replace("{\\pos(540,1000)}", "{\\pos(540,1000)\\fs40}")) == 40


CLIP = (0, 1600)
FACE = Box.of_edges(60, 60, 120, 110)
"""In the source of 180x120: in the output from 240 of 480 down, under the text."""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A job with captions over a face that the crop plan does not know."""
    folder = tmp_path_factory.mktemp("close")
    video = numbered.make(folder / "source.mp4", frames=50, size="180x120")
    key = [(0, 56_000)]
    made = make_job(
        folder / "job", video, CLIP, lambda size: [focus(size, CLIP, key)],
        words=spoken("the mouth is here"),
    )  # fmt: skip
    seen = tuple(Detection(time_ms=ms, box=FACE, score=900) for ms in range(0, 1600, 200))
    shot = ShotTracks(
        in_ms=0, out_ms=1600, detail=10, motion=5,
        tracks=(Track(id="face_1", subject="face", detections=seen),),
        turns=(Turn(in_ms=0, out_ms=1600, track="face_1"),),
    )  # fmt: skip
    tracks = Tracks(
        size=Size(width_px=180, height_px=120), sample_ms=200, detector="test",
        speaker_method="test", clips=(ClipTracks(id="clip_01", shots=(shot,)),),
    )  # fmt: skip
    (made / "tracks.json").write_bytes(tracks.canonical_bytes())
    return made


def failed(job: Path) -> dict[str, str]:
    check = RenderCheck.from_file(job / "checks/clip_01.json")
    return {one.name: one.measured for one in check.failed}


def test_text_on_a_face_is_named_and_strict_refuses_it(
    job: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert render(job) == 0
    assert "captions-faces" in failed(job)
    receipt = Receipt.from_file(job / "receipts/render-clip_01.json")
    said = {one.code: one.message for one in receipt.degradations}
    assert "clip_01 fails captions-faces: text on a face in 100 %" in said["check-captions-faces"]
    capfd.readouterr()
    assert render(job, "--strict=true") == 84
    assert "captions-faces" in capfd.readouterr().err


def test_text_keeps_off_a_face_that_the_plan_knows(job: Path) -> None:
    plan = Crops.from_file(job / "crops.json")
    (clip,) = plan.clips
    (shot,) = clip.shots
    top, bottom = 4 * FACE.y_px, 4 * FACE.bottom_px
    box = Box.of_edges(16, top - 10, 256, bottom + 10)
    face = ShownFace(in_ms=0, out_ms=1600, track="face_1", box=box)
    told = shot.model_copy(update={"faces": (face,)})
    known = plan.model_copy(update={"clips": (clip.model_copy(update={"shots": (told,)}),)})
    (job / "crops.json").write_bytes(known.canonical_bytes())
    assert step("caption", job) == 0
    (captions,) = Captions.from_file(job / "captions.json").clips
    assert all(cue.height is not None for cue in captions.cues)
    assert render(job) == 0
    assert "captions-faces" not in failed(job)


def test_text_on_the_pictures_text_is_named_until_the_captions_know_it(job: Path) -> None:
    """The captions are those of a plan that knew of no text."""
    plan = Crops.from_file(job / "crops.json")
    (clip,) = plan.clips
    (shot,) = clip.shots
    bare, slide = (
        plan.model_copy(
            update={
                "clips": (
                    clip.model_copy(
                        update={"shots": (shot.model_copy(update={"faces": (), "texts": texts}),)}
                    ),
                )
            }
        )
        for texts in ((), (Box.of_edges(0, 220, 270, 330),))
    )
    (job / "crops.json").write_bytes(bare.canonical_bytes())
    assert step("caption", job) == 0
    (job / "crops.json").write_bytes(slide.canonical_bytes())
    assert render(job) == 0
    assert failed(job)["captions-texts"] == (
        "captions on the picture's text in 100 % of the moments"
    )
    assert step("caption", job) == 0
    assert render(job) == 0
    assert "captions-texts" not in failed(job)
