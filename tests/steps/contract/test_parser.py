from pathlib import Path

import pytest

from steps.catalogue import NAMES, load_step
from steps.contract import Params
from steps.contract.errors import BadInput
from steps.contract.parser import parse, step_parser
from tests.steps.contract.example import ECHO


def test_a_whole_command_line() -> None:
    found = parse(ECHO, ["--in", "a", "--out", "b", "--cache=c", "--job=d", "--attempt=2",
                         "--times=3", "--loud", "true"])  # fmt: skip
    assert (found.inputs, found.outputs) == (Path("a"), Path("b"))
    assert (found.cache, found.job, found.attempt, found.check) == ("c", "d", 2, False)
    assert found.values == {"times": "3", "loud": "true"}


def test_inputs_are_where_the_outputs_go() -> None:
    assert parse(ECHO, ["--out=b"]).inputs == Path("b")


def test_a_value_may_begin_with_a_dash_or_hold_anything() -> None:
    found = parse(ECHO, ["--out=b", "--source-url=-x=%s; rm $(y)\n"])
    assert found.values == {"source_url": "-x=%s; rm $(y)\n"}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--out=b", "--colour=red"], "unrecognized arguments: --colour=red"),
        (["--out=b", "--styl=plain"], "unrecognized arguments: --styl=plain"),
        (["--out=b", "--style=odd"], "argument --style: invalid choice: 'odd'"),
        (["--out=b", "--loud"], "argument --loud: expected one argument"),
        (["--out"], "argument --out: expected one argument"),
        (["--out=b", "--attempt=x"], "argument --attempt: invalid int value"),
        ([], "--out is missing"),
    ],
)
def test_what_is_refused(argv: list[str], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(ECHO, argv)
    assert str(caught.value).startswith(words)
    assert str(caught.value).endswith("see python -m steps echo --help")


def test_help_says_all_that_is_declared() -> None:
    text = step_parser(ECHO).format_help()
    plain = " ".join(text.split())
    for words in (
        "usage: python -m steps echo",
        "Copy words.",
        "How often, 100 % of them. [1 to 5; default 1]",
        "--style {plain,fancy} Of the copy. [default plain]",
        "note.txt a note (optional)",
        "parts/ a file for each word",
    ):
        assert words in plain


@pytest.mark.parametrize("name", NAMES)
def test_every_param_of_every_step_is_in_its_help(name: str) -> None:
    step = load_step(name)
    plain = " ".join(step_parser(step).format_help().split())
    assert step.summary in plain
    for info in step.params.model_fields.values():
        assert info.description is not None
        assert " ".join(info.description.split()) in plain
        assert info.description.endswith("."), "a sentence"
    for port in (*step.reads, *step.writes):
        assert port.path in plain


@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_within_their_own_bounds(name: str) -> None:
    params: type[Params] = load_step(name).params
    defaults = {
        field: info.default for field, info in params.model_fields.items() if not info.is_required()
    }
    given = {
        field: {"clip": "clip_01"}.get(field, "x")
        for field, info in params.model_fields.items()
        if info.is_required()
    }
    assert params.parse({**defaults, **given}).texts().keys() == params.model_fields.keys()
