from pathlib import Path

import pytest

from steps.media.channels import PLACES, levels_in, measuring_arguments, repair_of


@pytest.mark.parametrize(
    ("levels", "reason"),
    [
        ((-20, -20, -20, -90), None),
        ((-20, -20, -23, -23), None),
        ((-20, -45, -26, -26), None),
        ((-20, -20, -90, -20), "its channels are in opposite phase"),
        ((-20, -20, -31, -21), None),
        ((-20, -20, -32, -21), "its channels are in opposite phase"),
        ((-20, -60, -26, -26), "its right channel is silent"),
        ((-60, -20, -26, -26), "its left channel is silent"),
        ((-70, -70, -200, -70), None),
        ((), None),
    ],
)
def test_what_is_wrong_with_two_channels(levels: tuple[float, ...], reason: str | None) -> None:
    found = repair_of(levels)
    assert (found.reason if found else None) == reason


def test_the_levels_are_those_that_were_printed_last() -> None:
    printed = "".join(
        f"[astats @ 0x1] RMS level dB: {level}\n" for level in ("-1.5", "-inf", "nan", "-20")
    )
    assert levels_in(printed) == (-1.5, -200.0, -200.0, -20.0)
    assert levels_in("") == ()


def test_a_long_source_is_measured_in_places() -> None:
    assert measuring_arguments(Path("a.mkv"), 7_200_000).count("-i") == PLACES
    assert measuring_arguments(Path("a.mkv"), 10_000).count("-i") == 1
