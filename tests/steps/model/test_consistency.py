"""Documents that contradict themselves are refused where they are read, with the value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steps.contract import Document
from steps.contract.errors import BrokenContract
from steps.model.clips import Clips
from steps.model.crop import Crops
from steps.model.tracks import Tracks
from tests.steps.hostile import document_texts

Change = Callable[[Any], object]


def shot(document: Any) -> Any:
    return document["clips"][0]["shots"][0]


def region(document: Any) -> Any:
    return shot(document)["regions"][0]


CASES: dict[str, tuple[type[Document], Change, str]] = {
    "a clip of an hour and a second": (
        Clips,
        lambda plan: plan["clips"][0].update(out_ms=3_601_100),
        "clip_01 lasts 3601000 ms (expected 1 to 3600000)",
    ),
    "an empty clip": (
        Clips,
        lambda plan: plan["clips"][0].update(out_ms=100),
        "clip_01 lasts 0 ms",
    ),
    "a clip twice": (
        Clips,
        lambda plan: plan["clips"].append(plan["clips"][0]),
        "the clip id 'clip_01' is used twice",
    ),
    "clips that overlap": (
        Clips,
        lambda plan: plan["clips"].append({**plan["clips"][0], "id": "clip_02", "in_ms": 1800}),
        "the clip at 1800 ms starts before the previous one ends at 1900 ms",
    ),
    "a track without a detection": (
        Tracks,
        lambda seen: shot(seen)["tracks"][0].update(detections=[]),
        "clips.0.shots.0.tracks.0.detections: too few: 0 of at least 1",
    ),
    "a turn of an unknown track": (
        Tracks,
        lambda seen: shot(seen)["turns"][0].update(track="face_9"),
        "the turn at 100 ms names the unknown 'face_9'",
    ),
    "turns with a gap": (
        Tracks,
        lambda seen: shot(seen)["turns"][1].update(in_ms=1001),
        "the turn at 1001 ms does not start where the previous one ends, at 1000 ms",
    ),
    "turns that end early": (
        Tracks,
        lambda seen: shot(seen)["turns"].pop(),
        "the turn covers 100 to 1000 ms instead of 100 to 1900 ms",
    ),
    "detections out of order": (
        Tracks,
        lambda seen: shot(seen)["tracks"][0]["detections"].reverse(),
        "the detection at 1500 ms of 'face_1' comes after the one at 1700 ms",
    ),
    "a face outside the picture": (
        Tracks,
        lambda seen: shot(seen)["tracks"][0]["detections"][0]["box"].update(x_px=170),
        "the box 170,30 of 24x30 px reaches outside the picture of 192x108",
    ),
    "a sample every millisecond": (
        Tracks,
        lambda seen: seen.update(sample_ms=1),
        "sample_ms: 1 is too small: at least 33",
    ),
    "no shot": (
        Tracks,
        lambda seen: seen["clips"][0].update(shots=[]),
        "clips.0.shots: too few: 0 of at least 1",
    ),
    "a picture of one pixel": (
        Tracks,
        lambda seen: seen.update(size={"width_px": 1, "height_px": 1}),
        "a picture of 1x1 px is too small",
    ),
    "a window wider than the picture": (
        Crops,
        lambda crops: region(crops)["window"].update(width_px=194),
        "the box 0,0 of 194x108 px reaches outside the picture of 192x108",
    ),
    "a window of one pixel": (
        Crops,
        lambda crops: region(crops)["window"].update(width_px=1),
        "a picture of 1x108 px is too small",
    ),
    "a target of no size": (
        Crops,
        lambda crops: region(crops)["target"].update(width_px=0),
        "the target (0, 0, 0, 480) is not of even offsets and even sizes above 0",
    ),
    "a target outside the output": (
        Crops,
        lambda crops: region(crops)["target"].update(x_px=2),
        "the box 2,0 of 270x480 px reaches outside the picture of 270x480",
    ),
    "keyframes at one time": (
        Crops,
        lambda crops: region(crops)["keyframes"][1].update(time_ms=100),
        "the keyframe at 100 ms comes after the one at 100 ms",
    ),
    "shots with a gap": (
        Crops,
        lambda crops: shot(crops).update(out_ms=800),
        "the shot at 900 ms does not start where the previous one ends, at 800 ms",
    ),
    "an output that fills the memory": (
        Crops,
        lambda crops: crops.update(output={"width_px": 16_384, "height_px": 16_384}),
        "the output of 16384x16384 px has a side outside 64 to 4096",
    ),
    "a number that JSON cannot hold": (
        Clips,
        lambda plan: plan["clips"][0].update(rank=2**53),
        "9007199254740992",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_is_refused(name: str) -> None:
    kind, change, message = CASES[name]
    document = json.loads(document_texts()[kind])
    change(document)
    with pytest.raises(BrokenContract) as refused:
        kind.from_bytes(json.dumps(document).encode(), "file.json")
    assert message in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("kind", [Clips, Tracks, Crops])
def test_the_unchanged_document_is_accepted(kind: type[Document], tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(document_texts()[kind])
    assert kind.from_file(tmp_path / "file.json").sha256()
