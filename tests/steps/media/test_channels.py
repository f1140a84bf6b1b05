from pathlib import Path

import numpy as np
import pytest

from steps.media.channels import PLACES, RATE_HZ, Sound, measuring_arguments, powers, repair_of

NAMES = {
    "stereo": ("FL", "FR"),
    "3.0": ("FL", "FR", "FC"),
    "5.1": ("FL", "FR", "FC", "LFE", "BL", "BR"),
    "quad": ("FL", "FR", "BL", "BR"),
}
PHASE = "its channels are in opposite phase"


def measured(layout: str, mix: str) -> tuple[np.ndarray, Sound]:
    """Channels out of independent voices: `a -a 0.5b` has two of the first and one of another."""
    random = np.random.default_rng(1)
    voices = {name: random.normal(0, 3000, 20_000) for name in "abc"} | {"0": np.zeros(20_000)}
    channels = [
        sum(float(f"{part[:-1]}1" if part[:-1] in ("", "-") else part[:-1]) * voices[part[-1]]
            for part in channel.split("+"))
        for channel in mix.split()
    ]  # fmt: skip
    samples = np.stack(channels, axis=1).round().astype(np.int16)
    return powers(samples), Sound.of(layout, NAMES[layout])


@pytest.mark.parametrize(
    ("layout", "mix", "reason"),
    [
        ("stereo", "a a", None),
        ("stereo", "a b", None),
        ("stereo", "a 0.06a", None),
        ("stereo", "a+0.4b -a+0.4b", None),
        ("stereo", "a+0.2b -a+0.2b", PHASE),
        ("stereo", "a -a", PHASE),
        ("stereo", "a -0.6a", PHASE),
        ("stereo", "a 0.01b", "its right channel is silent"),
        ("stereo", "0 a", "its left channel is silent"),
        ("stereo", "0.001a -0.001a", None),
        ("quad", "a -a 0 0", PHASE),
        ("quad", "a b 0.5c 0.5c", None),
        ("5.1", "0 0 a 0 0 0", None),
        ("5.1", "b c a 0 0.3b 0.3c", None),
        ("5.1", "a -a 0 0 0 0", PHASE),
        ("5.1", "0.7a 0.7a -a 0 0 0", PHASE),
        ("5.1", "a a -a 0 0 0", PHASE),
        ("5.1", "2a 2a -a 0 0 0", PHASE),
        ("5.1", "0.2a 0.2a -a 0 0 0", None),
        ("3.0", "b c -0.7b+-0.7c", PHASE),
        ("3.0", "b c 0.7b+0.7c", None),
        ("5.1", "a 0 0 a 0 0", "its right channel is silent"),
    ],
)
def test_what_is_wrong_with_the_channels(layout: str, mix: str, reason: str | None) -> None:
    found = repair_of(*measured(layout, mix))
    assert (found.reason if found else None) == reason


@pytest.mark.parametrize(
    ("seconds", "reason"), [(0, None), (1, None), (10, f"{PHASE} for a part of the time")]
)
def test_channels_that_cancel_for_a_part_of_the_time(seconds: int, reason: str | None) -> None:
    """One of them cannot cancel itself."""
    left = np.random.default_rng(1).normal(0, 3000, 40 * RATE_HZ)
    right = np.append(-left[: seconds * RATE_HZ], left[seconds * RATE_HZ :])
    samples = np.stack([left, right], axis=1).round().astype(np.int16)
    found = repair_of(powers(samples), Sound.of("stereo", NAMES["stereo"]))
    assert (found.reason if found else None) == reason
    assert found is None or found.pan.endswith("pan=stereo|c0=c1|c1=c1")


def test_the_channels_that_cancel_the_loudest_are_turned_around() -> None:
    found = repair_of(*measured("5.1", "0.7a 0.7a -a b 0 0"))
    assert found
    turned = "c0=-1*c0|c1=-1*c1|c2=c2|c3=c3|c4=c4|c5=c5"
    assert found.pan == f"aformat=channel_layouts=5.1,pan=5.1|{turned}"


def test_a_layout_without_places_is_measured_as_stereo() -> None:
    assert Sound.of("6 channels", ("NONE",) * 6) == Sound("stereo", ("FL", "FR"))


def test_a_long_source_is_measured_in_places() -> None:
    sound, raw = Sound.of("stereo", ("FL", "FR")), Path("raw")
    opening = ["-i", "a.mkv"]
    assert measuring_arguments(opening, "a:0", 7_200_000, sound, raw).count("-i") == PLACES
    assert measuring_arguments(opening, "a:0", 10_000, sound, raw).count("-i") == 1
