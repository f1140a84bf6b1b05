"""Veils follow what they hide."""

from steps.model.geometry import Box, Size
from steps.model.moderation import Action, Finding
from steps.moderation.veils import AROUND_MS, veils

HD = Size(width_px=1280, height_px=720)


def finding(time_ms: int, x_px: int, label: str = "FACE_MALE", action: Action = "blur") -> Finding:
    box = Box(x_px=x_px, y_px=100, width_px=100, height_px=80)
    return Finding(label=label, score=900, time_ms=time_ms, box=box, action=action)


def test_one_veil_follows_one_thing() -> None:
    (veil,) = veils([finding(5000 + 250 * n, 300 + 20 * n) for n in range(8)], HD)
    assert (veil.in_ms, veil.out_ms) == (5000 - AROUND_MS, 6750 + AROUND_MS)
    assert [place.time_ms for place in veil.places] == [5000 + 250 * n for n in range(8)]
    assert veil.places[0].box == Box.of_edges(275, 80, 425, 200)  # a quarter more on each side


def test_two_things_and_two_times_have_veils_of_their_own() -> None:
    left, right = ([finding(time, x) for time in (1000, 1250)] for x in (100, 800))
    later = finding(9000, 100)
    other = finding(1000, 100, "FACE_FEMALE")
    made = sorted([*left, *right, later, other], key=lambda item: item.time_ms)
    found = veils(made, HD)
    assert [len(veil.places) for veil in found] == [1, 2, 2, 1]  # a shorter one ends first
    assert sorted({veil.label for veil in found}) == ["FACE_FEMALE", "FACE_MALE"]


def test_what_is_only_flagged_has_none_and_the_picture_ends() -> None:
    assert veils([finding(1000, 100, action="flag")], HD) == ()
    (veil,) = veils([finding(300, 1200)], Size(width_px=1300, height_px=180))
    assert veil.in_ms == 0
    assert veil.places[0].box == Box.of_edges(1175, 80, 1300, 180)
