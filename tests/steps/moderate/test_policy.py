"""The policy over made findings: no picture needed."""

import nudenet.nudenet
import pytest

from steps.model.geometry import Box, Size
from steps.model.moderation import Finding
from steps.moderate.engines.nudenet import source_box
from steps.moderate.policy import NAMED, named, reason, verdict


def finding(label: str, score: int = 800, time_ms: int = 0) -> Finding:
    box = Box(x_px=0, y_px=0, width_px=10, height_px=10)
    return Finding(label=label, score=score, time_ms=time_ms, box=box)


@pytest.mark.parametrize(
    ("label", "score", "counts"),
    [
        ("FEMALE_BREAST_EXPOSED", 600, True),
        ("FEMALE_BREAST_EXPOSED", 599, False),
        ("MALE_GENITALIA_EXPOSED", 1000, True),
        ("FACE_FEMALE", 1000, False),
        ("FACE_MALE", 1000, False),
        ("FEMALE_BREAST_COVERED", 1000, False),
        ("MALE_BREAST_EXPOSED", 1000, False),
        ("FEET_EXPOSED", 1000, False),
    ],
)
def test_what_counts(label: str, score: int, counts: bool) -> None:
    assert bool(named([finding(label, score)], 600)) is counts


def test_every_named_class_is_one_of_the_model() -> None:
    assert set(vars(nudenet.nudenet)["__labels"]) > NAMED


def test_findings_come_in_order_of_time_then_score() -> None:
    made = [
        finding("ANUS_EXPOSED", 700, 9000),
        finding("BUTTOCKS_EXPOSED", 700, 1000),
        finding("ANUS_EXPOSED", 900, 1000),
    ]
    assert [(item.time_ms, item.score) for item in named(made, 0)] == [
        (1000, 900),
        (1000, 700),
        (9000, 700),
    ]


def test_verdicts() -> None:
    found = [finding("ANUS_EXPOSED")]
    assert verdict("off", []) == "unchecked"
    assert verdict("flag", []) == verdict("block", []) == "clean"
    assert verdict("flag", found) == "flagged"


def test_the_reason_names_time_label_and_score() -> None:
    made = [
        finding("BUTTOCKS_EXPOSED", 650, 3000),
        finding("FEMALE_BREAST_EXPOSED", 913, 61_005),
        finding("FEMALE_BREAST_EXPOSED", 700, 61_005),
    ]
    line = reason(made)
    assert "female breast exposed at 00:01:01.005 (score 913 of 1000)" in line
    assert "2 pictures" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("box", "scale", "expected"),
    [
        ((10, 20, 30, 40), 0.5, (20, 40, 60, 80)),
        ((300, 170, 40, 40), 0.5, (600, 340, 40, 20)),
        ((0, 0, 320, 180), 0.5, (0, 0, 640, 360)),
        ((-3, -2, 10, 10), 1, (0, 0, 10, 10)),
    ],
)
def test_boxes_are_in_the_source_and_inside(
    box: tuple[int, int, int, int], scale: float, expected: tuple[int, int, int, int]
) -> None:
    found = source_box(box, scale, Size(width_px=640, height_px=360))
    assert (found.x_px, found.y_px, found.width_px, found.height_px) == expected
