from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.download.facts import STANDARD_RATES, _timecode, frame_rate
from steps.media.mono import mono_mix, sound_filter


def times(rate: Fraction, count: int, start: int = 0) -> list[int]:
    return [start + round(n * 1000 / rate) for n in range(count)]


@given(
    rate=st.sampled_from(STANDARD_RATES),
    count=st.integers(min_value=2, max_value=400),
    start=st.integers(min_value=0, max_value=50),
)
def test_a_stated_rate_that_fits_is_kept(rate: Fraction, count: int, start: int) -> None:
    assert frame_rate(times(rate, count, start), rate) == (rate, False)


@pytest.mark.parametrize("text", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001"])
def test_a_wrong_statement_is_corrected(text: str) -> None:
    rate = Fraction(text)
    assert frame_rate(times(rate, 600), Fraction(1000)) == (rate, False)
    assert frame_rate(times(rate, 600), None) == (rate, False)


def test_a_few_lost_pictures_leave_the_rate() -> None:
    whole = times(Fraction(30), 300)
    assert frame_rate(whole[:100] + whole[103:], Fraction(30)) == (Fraction(30), False)


def test_uneven_pictures_have_the_rate_of_their_usual_distance() -> None:
    uneven = [0, 100, 133, 300, 310, 400, 1000]
    assert frame_rate(uneven, Fraction(30)) == (Fraction(2000, 190), True)


@pytest.mark.parametrize("stated", [Fraction(25), None])
def test_lost_pictures_do_not_lower_the_rate(stated: Fraction | None) -> None:
    """Two in seven are missing: the average is 17.9."""
    kept = [time for n, time in enumerate(times(Fraction(25), 300)) if n % 7 not in (2, 5)]
    assert frame_rate(kept, stated) == (Fraction(25), True)


def test_only_changes_are_stored() -> None:
    """A screen recorder: a second of pictures, then none for nine."""
    kept = [time for n, time in enumerate(times(Fraction(30), 900)) if n % 300 < 30]
    assert frame_rate(kept, None) == (Fraction(30), False)


def test_every_other_picture_missing_is_another_rate() -> None:
    assert frame_rate(times(Fraction(30), 300)[::2], Fraction(30)) == (Fraction(15), False)


@pytest.mark.parametrize(
    ("channels", "centre_share"),
    [(("FL", "FR"), 0.5), (("FL", "FR", "FC", "LFE", "BL", "BR"), 0.588), (("FC",), 1.0)],
)
def test_the_mix_leans_on_the_centre_and_cannot_clip(
    channels: tuple[str, ...], centre_share: float
) -> None:
    terms = mono_mix(channels).removeprefix("pan=mono|c0=").split("+")
    weights = {term.split("*")[1]: float(term.split("*")[0]) for term in terms}
    assert sum(weights.values()) == pytest.approx(1, abs=1e-5)
    assert max(weights.values()) == pytest.approx(centre_share, abs=1e-3)
    assert "LFE" not in channels or f"c{channels.index('LFE')}" not in weights


def test_one_channel_is_not_mixed() -> None:
    assert "pan" not in sound_filter(("FC",))


@pytest.mark.parametrize(
    ("stated", "rate", "kept"),
    [
        ("10:00:00:00", "25", "10:00:00:00"),
        ("01:00:00;02", "30000/1001", "01:00:00;02"),
        ("01:00:00.02", "30000/1001", "01:00:00;02"),
        (" 00:59:59:23 ", "24000/1001", "00:59:59:23"),
        ("10:00:00:25", "25", ""),
        ("24:00:00:00", "25", ""),
        ("10:00:60:00", "25", ""),
        ("10:00:00", "25", ""),
        ("\u0661\u0660:00:00:00", "25", ""),
        ("<b>", "25", ""),
        ("", "25", ""),
    ],
)
def test_a_time_code_is_kept_if_it_is_one(stated: str, rate: str, kept: str) -> None:
    assert _timecode(stated, Fraction(rate)) == kept
