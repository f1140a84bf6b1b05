from __future__ import annotations

from steps.highlight.candidates import Candidate
from steps.highlight.choose import SAME_TOPIC, Likeness, choose, shortfall, why_not
from steps.highlight.describe import shorten
from steps.highlight.position import position_candidates
from steps.model.timing import Span


def alike(*groups: set[int]) -> Likeness:
    """Candidates of one group are about the same thing, by the number of their first sentence."""
    return lambda one, other: float(any({one.first, other.first} <= group for group in groups))


def candidate(number: int, score: int) -> Candidate:
    return Candidate(Span(in_ms=number * 1000, out_ms=number * 1000 + 900), score, number, number)


def test_at_most_two_clips_are_of_one_topic() -> None:
    found = [candidate(number, 900 - number) for number in range(4)]

    def likeness(one: Candidate, other: Candidate) -> float:
        return SAME_TOPIC if {one.first, other.first} <= {0, 1, 2} else 0.0

    assert [item.first for item in choose(found, 4, 0, likeness)] == [0, 1, 3]


def test_nothing_is_said_twice() -> None:
    found = [candidate(number, 900 - number) for number in range(3)]
    assert [item.first for item in choose(found, 3, 0, alike({0, 2}))] == [0, 1]


def test_clips_that_have_nothing_in_common_all_stay() -> None:
    found = [candidate(number, 500) for number in range(5)]
    assert len(choose(found, 5, 0, alike())) == 5


def test_every_candidate_that_lost_has_its_reason() -> None:
    best, same = candidate(0, 900), candidate(3, 800)
    over = Candidate(Span(in_ms=500, out_ms=1500), 700, 5, 5)
    near = Candidate(Span(in_ms=1_600, out_ms=2_400), 600, 6, 6)
    last = candidate(9, 100)
    found = [best, same, over, near, last]
    chosen = choose(found, 1, 1000, alike({0, 3}))
    reasons = {item.first: why for item, why in why_not(found, chosen, 1, 1000, alike({0, 3}))}
    assert chosen == [best]
    assert reasons == {
        3: "is about the same as clip_01",
        5: "overlaps clip_01, which scores more",
        6: "is less than 1 s from clip_01",
        9: "scores less than the 1 chosen",
    }


def test_a_better_passage_gives_way_to_several_that_score_more_together() -> None:
    several = [candidate(number, 400) for number in range(3)]
    whole = Candidate(Span(in_ms=0, out_ms=2900), 1000, 0, 3)
    chosen = choose([*several, whole], 3, 0, alike())
    assert why_not([*several, whole], chosen, 3, 0, alike()) == [
        (whole, "overlaps clip_01, clip_02 and clip_03, which together score more")
    ]


def test_only_fewer_clips_than_wanted_have_a_reason() -> None:
    assert shortfall(3, 3, 9, "short", short=False) == ""
    assert "no passage" in shortfall(3, 0, 0, "long", short=False)
    assert "only 1 of 3 clips" in shortfall(3, 1, 9, "short", short=False)
    assert "the longest of the shorter ones is taken" in shortfall(3, 1, 1, "long", short=True)


def test_windows_without_speech_go_where_it_is_loud() -> None:
    levels = [-600] * 600 + [-100] * 300 + [-600] * 600
    found = position_candidates(150_000, [(15_000, 30_000)], 1, levels, 100)
    best = min(found, key=lambda item: item.rank_key)
    assert 58_000 <= best.span.in_ms <= 70_000
    assert all(item.span.out_ms <= 150_000 for item in found)


def test_windows_without_sound_are_spread_evenly() -> None:
    found = position_candidates(300_000, [(15_000, 30_000)], 3, (), 100)
    assert [item.span.in_ms for item in found] == [38_750, 138_750, 238_750]


def test_a_short_silent_source_is_one_clip_at_zero() -> None:
    (only,) = position_candidates(4_000, [(15_000, 30_000)], 3, (), 100)
    assert only.span == Span(in_ms=0, out_ms=4_000)
    assert position_candidates(0, [(15_000, 30_000)], 3, (), 100) == []


def test_shorten_does_not_end_in_a_loose_word() -> None:
    assert shorten("one of the many things in the world", 20) == "one of the many…"


def test_a_script_without_spaces_is_shortened_anywhere() -> None:
    assert shorten("皆さん こんにちは今日は天気の話をします", 10) == "皆さん こんにちは…"
    assert shorten("สวัสดี วันนี้อากาศดีมาก", 12) == "สวัสดี วัน…"
    assert shorten("It went dark. Then the light came", 16) == "It went dark…"
    assert shorten("short", 20) == "short"
    assert len(shorten("x" * 200, 60)) <= 60
