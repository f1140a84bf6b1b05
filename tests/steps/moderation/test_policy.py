"""The policy over made findings: no picture needed."""

import nudenet.nudenet
import pytest

from steps.contract.errors import BadInput
from steps.model.geometry import Box, Size
from steps.model.moderation import Finding
from steps.moderation.engines.nudenet import source_box
from steps.moderation.policy import (
    KNOWN,
    NAMED,
    check_policy,
    named,
    policy_of,
    reason,
    repeated,
    verdict,
)  # fmt: skip


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
    assert bool(named([finding(label, score)], policy_of(600, "flag"))) is counts


def test_every_named_class_is_one_of_the_model() -> None:
    assert set(vars(nudenet.nudenet)["__labels"]) == KNOWN
    assert KNOWN > NAMED


def test_findings_come_in_order_of_time_then_score() -> None:
    made = [
        finding("ANUS_EXPOSED", 700, 9000),
        finding("BUTTOCKS_EXPOSED", 700, 1000),
        finding("ANUS_EXPOSED", 900, 1000),
    ]
    assert [(item.time_ms, item.score) for item in named(made, policy_of(0, "flag"))] == [
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
    "text",
    [
        "[face_female]\nthreshold = 700\nrepeats = 3\naction = 'blur'\n"
        "[BUTTOCKS_EXPOSED]\naction = 'off'\n",
        '{"FACE-FEMALE": {"threshold": 700, "repeats": 3, "action": "blur"},'
        ' "buttocks_exposed": {"action": "off"}}',
    ],
)
def test_a_policy_file_changes_what_it_names(text: str) -> None:
    rules = policy_of(600, "flag", text)
    face, breast = rules["FACE_FEMALE"], rules["FEMALE_BREAST_EXPOSED"]
    assert (face.threshold, face.repeats, face.action) == (700, 3, "blur")
    assert (breast.threshold, breast.repeats, breast.action) == (600, 1, "flag")
    made = [finding("FACE_FEMALE", 800), finding("BUTTOCKS_EXPOSED"), finding("ANUS_EXPOSED")]
    found = {item.label: item.action for item in named(made, rules)}
    assert found == {"FACE_FEMALE": "blur", "ANUS_EXPOSED": "flag"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[FACE_FEMALES]", "unknown class 'FACE_FEMALES': did you mean FACE_FEMALE?"),
        ("[xyz]", "choose one of ANUS_COVERED"),
        ("FACE_MALE = 7", "has 7 for FACE_MALE: write a table, [FACE_MALE]"),
        ("[FACE_MALE]\nblur = true", "has no field 'blur': choose one of threshold"),
        ("[FACE_MALE]\naction = 'hide'", "action 'hide': choose one of off, flag, block, blur"),
        ("[FACE_MALE]\nthreshold = 1001", "threshold: 1001 is too large"),
        ("[FACE_MALE", "the policy is not valid TOML"),
        ("{", "the policy is not valid JSON"),
    ],
)
def test_a_wrong_policy_is_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        policy_of(600, "flag", text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_policy_file_of_a_windows_editor_is_read(encoding: str) -> None:
    check_policy("[FACE_FEMALE]\r\nthreshold = 700\r\n".encode(encoding))
    with pytest.raises(BadInput, match="FACE_MALES"):
        check_policy("[FACE_MALES]\r\n".encode(encoding))


def test_a_class_may_have_to_be_seen_again() -> None:
    rules = policy_of(600, "flag", "[ANUS_EXPOSED]\nrepeats = 3")
    near = [finding("ANUS_EXPOSED", time_ms=time) for time in (0, 4000, 9000)]
    far = [finding("ANUS_EXPOSED", time_ms=time) for time in (60_000, 65_000)]
    other = finding("BUTTOCKS_EXPOSED", time_ms=65_000)
    twice = [finding("ANUS_EXPOSED", time_ms=70_001), finding("ANUS_EXPOSED", time_ms=70_001)]
    assert repeated([*near, *far, other], rules) == (*near, other)
    assert repeated([*far[:1], *twice], rules) == ()  # two in one picture count once


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
