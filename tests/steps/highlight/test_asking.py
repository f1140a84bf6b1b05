"""What a model is asked, how often, and what code makes of its answers."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest

from steps.highlight.engines import asking
from steps.highlight.engines.asking import COMPARED, AskingChooser
from steps.highlight.engines.material import CONTEXT_MS, WINDOW_BYTES
from steps.highlight.engines.protocol import Naming, Telling, Unanswered
from steps.highlight.engines.questions import CRITERIA
from steps.highlight.engines.readings import read_comparison, read_naming, read_rating
from steps.model.answers import Digit, Question, Reply
from steps.model.source import Chapter
from steps.model.timing import Span
from tests.steps.highlight import scripted
from tests.steps.highlight.scripted import (
    CLIP_TEXTS,
    SENTENCE_MS,
    ScriptedModel,
    chooser,
    grade,
    honest_text,
    passage,
    speech,
)

TALK = speech(*(f"This is what sentence number {at} says about it." for at in range(200)))


def schema(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(question.answer_schema)
    return found


def test_a_long_source_costs_60_ratings_and_132_comparisons() -> None:
    model = ScriptedModel()
    listed = [passage(at, at + 1) for at in range(0, 190, 2)]
    rated = chooser(model).rate(listed, TALK)
    assert len(rated) == 60
    assert (model.count("rate"), model.count("compare")) == (60, COMPARED * (COMPARED - 1))
    chosen = [item for item in rated if "pairs" in item.parts]
    assert len(chosen) == COMPARED
    for item in rated:
        expected = 250 * (grade(item.first) - 1)
        assert item.parts["model"] == expected
        assert {item.parts[one] for one in CRITERIA} == {expected}
    assert min(item.score for item in chosen) >= max(
        item.score for item in rated if "pairs" not in item.parts
    )


def test_the_speech_comes_first_and_what_is_asked_last() -> None:
    model = ScriptedModel()
    chooser(model).rate([passage(at, at) for at in range(10, 20)], TALK)
    rating = [one for one in model.questions if one.purpose == "rate"]
    comparisons = [one for one in model.questions if one.purpose == "compare"]
    assert len({one.prompt.rpartition("\n\n")[0] for one in rating}) == 1
    assert rating[0].prompt.endswith("\n\nRate the passage from line 10 to line 10.")
    assert len({one.prompt.split("\n\n")[0] for one in comparisons}) == 10
    assert model.batches == [10, *[9] * 10]
    assert len({one.system for one in rating}) == 1


def test_thirty_seconds_before_and_after_are_shown() -> None:
    model = ScriptedModel()
    chooser(model).rate([passage(10, 11)], TALK)
    (question,) = model.questions
    shown = [int(line.split()[1]) for line in question.prompt.splitlines()[1:-2]]
    assert CONTEXT_MS == 30_000
    assert shown == [9, 10, 11, 12, 13]  # from 170 s to 270 s, whole sentences
    assert len(question.prompt.encode()) < WINDOW_BYTES + 200


def test_the_grades_go_before_the_score_and_the_score_breaks_ties() -> None:
    tied = chooser(ScriptedModel()).rate([passage(0, 0, 100), passage(5, 5, 900)], TALK)
    assert [item.parts["model"] for item in tied] == [0, 0]
    assert tied[0].parts["recall"] == 100
    assert tied[0].score < tied[1].score


def test_both_orders_cancel_a_liking_for_the_first() -> None:
    def first(question: Question) -> str:
        if question.purpose == "compare":
            return '{"better":1}'
        return honest_text(question.prompt, schema(question))

    rated = chooser(ScriptedModel(first)).rate([passage(0, 0), passage(5, 5)], TALK)
    assert rated[0].parts["pairs"] == rated[1].parts["pairs"]


def test_a_question_is_put_once() -> None:
    model = ScriptedModel()
    asker = chooser(model)
    first = asker.rate([passage(0, 0), passage(9, 9)], TALK)
    asked = len(model.questions)
    assert asker.rate([passage(0, 0), passage(9, 9)], TALK) == first
    assert len(model.questions) == asked == 4
    recorded = asker.answers()
    assert recorded is not None
    assert len(recorded.answers) == 4


def test_comparisons_that_fail_leave_the_ratings() -> None:
    def silent(question: Question) -> str:
        if question.purpose == "compare":
            return "I would rather not."
        return honest_text(question.prompt, schema(question))

    notes: list[str] = []
    rated = chooser(ScriptedModel(silent), notes).rate([passage(0, 0), passage(9, 9)], TALK)
    assert [item.parts["model"] for item in rated] == [250 * (grade(at) - 1) for at in (0, 9)]
    assert not any("pairs" in item.parts for item in rated)
    assert notes == [
        "pairs-fallback: the answer is not JSON: 'I would rather not.';"
        " the ratings decide without comparisons"
    ]


def test_answers_that_would_take_too_long_are_not_waited_for() -> None:
    clock = count(0.0, step=400.0)
    asker = AskingChooser(
        ScriptedModel(), scripted.params(), lambda *_: None, clock=lambda: next(clock)
    )
    with pytest.raises(Unanswered, match=r"^60 answers would take longer than 1500 s$"):
        asker.rate([passage(at, at) for at in range(0, 200, 3)], TALK)
    recorded = asker.answers()
    assert recorded is not None
    assert recorded.failures == {"rate": "60 answers would take longer than 1500 s"}
    assert len(recorded.answers) < 60


def test_texts_of_the_clips_and_of_the_source() -> None:
    asker = chooser(model := ScriptedModel(), text_language="de")
    given = {**CLIP_TEXTS, "hashtags": ("laughter", "fear")}
    assert asker.entitle([passage(3, 4)], TALK) == [Naming(**given)]  # type: ignore[arg-type]
    telling = asker.tell(TALK)
    assert (telling.summary, telling.keywords) == (
        "A talk about laughter.",
        ("laughter", "Fear itself"),
    )
    assert [one.in_ms for one in telling.chapters][:1] == [0]
    assert telling.chapters[-1].out_ms == TALK.sentences[-1].out_ms
    assert all(
        one.out_ms == two.in_ms
        for one, two in zip(telling.chapters, telling.chapters[1:], strict=False)
    )
    assert len(telling.chapters) == model.count("tell") - 1  # one asks for the whole
    assert all("language with the code de." in one.prompt for one in model.questions)
    assert all(len(one.prompt.encode()) < WINDOW_BYTES + 400 for one in model.questions)


def test_a_source_of_four_hours_has_forty_parts_at_most() -> None:
    long = speech(*(f"sentence {at} " + "goes on and on " * 9 for at in range(2000)))
    model = ScriptedModel()
    telling = chooser(model).tell(long)
    assert model.count("tell") <= asking.PARTS + 1
    assert max(len(one.prompt.encode()) for one in model.questions) < WINDOW_BYTES + 400
    assert 20 < len(telling.chapters) <= asking.PARTS


def test_a_source_without_summaries_is_described_from_its_speech() -> None:
    def empty(question: Question) -> str:
        return json.dumps({"summary": "", "keywords": [], "chapters": []})

    notes: list[str] = []
    assert chooser(ScriptedModel(empty), notes).tell(speech("One.", "Two.")) == Telling()
    assert notes == [
        "texts-fallback: the source: summary is empty; the source: keywords is '[]';"
        " taken from the speech instead"
    ]


def test_wishes_reach_the_model_and_are_no_part_of_the_speech() -> None:
    model = ScriptedModel()
    wishes = {"prompt": "prefer\nmoney", "avoid": "politics", "audience": "nurses"}
    chooser(model, **wishes).rate([passage(0, 0), passage(9, 9)], TALK)
    for question in model.questions:
        assert question.system.endswith(
            "The person who asked for the videos wants this: prefer money\n"
            "The person who asked for the videos wants to avoid this: politics\n"
            "The audience: nurses"
        )


def test_chapters_are_ten_seconds_apart() -> None:
    close = speech("One.", "Two.", "Three.")
    titles = {2: "Late", 0: "First"}
    assert asking.chapters_of(titles, close) == (
        Chapter(in_ms=0, out_ms=2 * SENTENCE_MS, title="First"),
        Chapter(in_ms=2 * SENTENCE_MS, out_ms=close.sentences[-1].out_ms, title="Late"),
    )
    near = scripted.Speech([*close.sentences[:1], *close.sentences[:1]])
    assert [one.title for one in asking.chapters_of({0: "a", 1: "b"}, near)] == ["a"]
    assert asking.chapters_of({}, close) == ()


def test_a_weighed_grade_counts_by_its_expected_value() -> None:
    text = json.dumps(dict.fromkeys(CRITERIA, 5))
    even = Digit(at=text.index("5"), milli_nats={"9": -10, "5": -693, "1": -693})
    reply = Reply(text=text, digits=(even, Digit(at=1, milli_nats={"1": 0})))
    assert read_rating(reply) == {**dict.fromkeys(CRITERIA, 1000), "hook": 500}
    sure = Digit(at=10, milli_nats={"1": -105, "2": -2303})
    assert read_comparison(Reply(text='{"better":1}', digits=(sure,))) == 900


@pytest.mark.parametrize(
    ("field", "value", "shown", "fault"),
    [
        ("title", '  "Why it\nmatters." ', "Why it matters", ""),
        ("title", "Why it matters, and what " + "nobody " * 9 + "says", "Why it matters", ""),
        ("title", "word " * 30, "", "title has 149 characters (at most 60)"),
        ("title", "Что не так в фильме «Брат»", "Что не так в фильме «Брат»", ""),
        ("title", "“Dune” explained", "Dune explained", ""),
        ("title", "#Why I left C#", "Why I left C#", ""),
        ("title", "\x1b[31m\u202eRed", "Red", ""),
        ("title", "?!", "", "title is empty"),
        ("title", 7, "", "title is '7'"),
        ("hook", "More at example.com now", "", "hook names an address or an account"),
        ("description", "Follow @evil", "", "description names an address or an account"),
        ("summary", "x" * 401, "", "summary has 401 characters (at most 400)"),
        ("hashtags", ["#Joy", "Joy", "www.x.y", 3, "a b"], ("Joy", "ab"), ""),
        ("hashtags", "joy", (), "hashtags is 'joy'"),
        ("layout", "portrait", "", "layout is 'portrait'"),
    ],
)
def test_texts_are_shown_and_never_trusted(
    field: str, value: object, shown: object, fault: str
) -> None:
    faults: list[str] = []
    naming = read_naming(Reply(text=json.dumps({**CLIP_TEXTS, field: value})), faults)
    assert getattr(naming, field) == shown
    assert faults == ([fault] if fault else [])
    assert naming.reason == CLIP_TEXTS["reason"]


def test_a_clip_without_speech_is_not_asked_about() -> None:
    model = ScriptedModel()
    silent = scripted.Candidate(Span(in_ms=19_000, out_ms=19_900), 1000)
    assert chooser(model).entitle([silent, passage(3, 3)], TALK)[0] == Naming()
    assert model.count("name") == 1
