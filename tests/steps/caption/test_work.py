"""The step as a command: documents in, documents and files out."""

from pathlib import Path

import pysubs2
import pytest

from steps.__main__ import main
from steps.contract.receipt import Receipt
from steps.model.captions import Captions
from steps.model.clips import Clip, Clips
from steps.model.crop import ClipCrops, Crops, Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.transcript import Transcript, Word
from tests.steps.caption.samples import CANVAS, spoken


def job(folder: Path, words: tuple[Word, ...], *spans: tuple[int, int]) -> Path:
    """A job folder with a transcript and a plan."""
    end = max([1000, *(word.out_ms for word in words)])
    transcript = Transcript(engine="captions", language="en", duration_ms=end, words=words)
    clips = tuple(
        Clip(id=f"clip_{n:02}", in_ms=start, out_ms=out, title="", score=0, rank=n)
        for n, (start, out) in enumerate(spans, 1)
    )
    plan = Clips(asked=len(clips), method="given", reason="", clips=clips)
    (folder / "transcript.json").write_bytes(transcript.canonical_bytes())
    (folder / "clips.json").write_bytes(plan.canonical_bytes())
    size = CANVAS.size
    whole = Region(
        window=size, target=CANVAS.whole, keyframes=(Keyframe(time_ms=0, x_mpx=0, y_mpx=0),)
    )
    crops = tuple(
        ClipCrops(
            id=clip.id,
            shots=(
                ShotCrop(in_ms=clip.in_ms, out_ms=clip.out_ms, layout="centre", regions=(whole,)),
            ),
        )
        for clip in clips
    )
    framed = Crops(size=size, output=size, clips=crops)
    (folder / "crops.json").write_bytes(framed.canonical_bytes())
    return folder


def caption(folder: Path, *options: str) -> int:
    """The step's exit code."""
    return main(["caption", *options, "--in", str(folder), "--out", str(folder)])


def test_every_clip_gets_its_files_on_its_own_clock(tmp_path: Path) -> None:
    words = spoken(start_ms=5000)
    assert caption(job(tmp_path, words, (4800, 9000), (9000, 20_000))) == 0
    captions = Captions.from_file(tmp_path / "captions.json")
    assert captions.burned
    for clip, start_ms in zip(captions.clips, (4800, 9000), strict=True):
        for suffix in ("ass", "srt", "vtt"):
            read = pysubs2.load(str(tmp_path / f"clips/{clip.id}.{suffix}"))
            first = min(event.start for event in read)
            assert 0 <= first - (clip.cues[0].in_ms - start_ms) < 10
        assert clip.cues[0].in_ms >= start_ms


def test_a_further_aspect_has_captions_of_its_own(tmp_path: Path) -> None:
    folder = job(tmp_path, spoken(start_ms=5000), (4800, 9000))
    plan = Crops.from_file(folder / "crops.json")
    (folder / "crops").mkdir()
    size = Size(width_px=1080, height_px=1080)
    (clip,) = plan.clips
    (shot,) = clip.shots
    (region,) = shot.regions
    region = region.model_copy(update={"window": size, "target": Box.whole(size)})
    clip = clip.model_copy(update={"shots": (shot.model_copy(update={"regions": (region,)}),)})
    square = Crops(size=size, output=size, clips=(clip,))
    (folder / "crops/1x1.json").write_bytes(square.canonical_bytes())
    assert caption(folder) == 0
    main, further = (
        Captions.from_file(folder / name) for name in ("captions.json", "captions/1x1.json")
    )
    assert further.safe != main.safe
    assert [clip.id for clip in further.clips] == ["clip_01"]
    scripts = [(folder / f"clips/{name}.ass").read_text() for name in ("clip_01", "clip_01_1x1")]
    assert ["PlayResY: 1920" in text for text in scripts] == [True, False]
    names = {path.name for path in (folder / "clips").iterdir()}
    assert {name.replace("_1x1", "") for name in names if "_1x1" in name} == {
        name for name in names if "_1x1" not in name
    }


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        folder = job(tmp_path / name, spoken(), (0, 12_000))
        assert caption(folder, "--style=box", "--platform=reels") == 0
        files = sorted(path for path in folder.rglob("*") if "clips/" in path.as_posix())
        found.append([path.read_bytes() for path in files if path.is_file()])
    assert found[0] == found[1]


def test_a_clip_without_speech_has_empty_files(tmp_path: Path) -> None:
    assert caption(job(tmp_path, (), (0, 900))) == 0
    assert Captions.from_file(tmp_path / "captions.json").clips[0].cues == ()
    assert (tmp_path / "clips/clip_01.vtt").read_text() == "WEBVTT\n"


@pytest.mark.parametrize(
    ("options", "code"), [(["--style=loud"], 80), (['--style={"text": 1}'], 80), ([], 0)]
)
def test_exit_codes(options: list[str], code: int, tmp_path: Path) -> None:
    assert caption(job(tmp_path, spoken(), (0, 3000)), *options) == code


def test_characters_that_no_font_has_are_reported_and_left_out(tmp_path: Path) -> None:
    assert caption(job(tmp_path, spoken("hello 🇽🇽 今日"), (0, 3000))) == 0
    receipt = Receipt.from_file(tmp_path / "receipts/caption.json")
    (fallback,) = receipt.degradations
    assert fallback.code == "caption-font"
    assert "no bundled font has '🇽🇽'" in fallback.message
    script = (tmp_path / "clips/clip_01.ass").read_text()
    assert "🇫" not in script
    assert "今日" in script
    assert "🇽🇽" in (tmp_path / "clips/clip_01.srt").read_text()


def test_a_font_that_is_not_bundled_is_reported(tmp_path: Path) -> None:
    assert caption(job(tmp_path, spoken(), (0, 3000)), '--style={"font_name": "Arial"}') == 0
    receipt = Receipt.from_file(tmp_path / "receipts/caption.json")
    (fallback,) = receipt.degradations
    assert "the font 'Arial' is not bundled: Montserrat ExtraBold draws" in fallback.message


def test_voice_tags_name_who_speaks(tmp_path: Path) -> None:
    words = tuple(
        word.model_copy(update={"speaker": f"speaker_{1 + (word.in_ms >= 4000)}"})
        for word in spoken()
    )
    folder = job(tmp_path, words, (0, 12_000))
    assert caption(folder) == 0
    text = (folder / "clips/clip_01.vtt").read_text()
    assert "<v Speaker 1>And so" in text.replace("\n", " ")
    assert "<v Speaker 2>" in text
    captions = Captions.from_file(folder / "captions.json")
    assert {cue.speaker for cue in captions.clips[0].cues} == {"speaker_1", "speaker_2"}
    assert caption(folder, "--speaker-names=Ann <3") == 0
    text = (folder / "clips/clip_01.vtt").read_text()
    assert "<v Ann &lt;3>" in text
    assert "<v Speaker 2>" in text
    assert "Ann" not in (folder / "clips/clip_01.srt").read_text()


def test_one_voice_needs_no_tag_unless_it_has_a_name(tmp_path: Path) -> None:
    words = tuple(word.model_copy(update={"speaker": "speaker_1"}) for word in spoken())
    folder = job(tmp_path, words, (0, 12_000))
    assert caption(folder) == 0
    assert "<v" not in (folder / "clips/clip_01.vtt").read_text()
    assert caption(folder, "--speaker-names=Ann") == 0
    assert "<v Ann>" in (folder / "clips/clip_01.vtt").read_text()
