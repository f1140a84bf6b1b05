from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract import Params, param
from steps.contract.errors import BadInput
from steps.contract.params import bounds, choices, flag
from steps.contract.parser import parse
from tests.steps.contract.example import ECHO, EchoParams

FIELDS = EchoParams.model_fields


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"times": "0"}, "--times: 0 is too small: at least 1"),
        ({"times": "6"}, "--times: 6 is too large: at most 5"),
        ({"times": "1.5"}, "--times: '1.5' is not a whole number"),
        ({"times": "many"}, "--times: 'many' is not a whole number"),
        ({"loud": "loudly"}, "--loud: 'loudly' is not true or false"),
        ({"style": "odd"}, "--style: 'odd' is not 'plain' or 'fancy'"),
        ({"source_url": "x" * 101}, "--source-url: too long: at most 100 characters"),
        ({"nothing": "1"}, "--nothing: not known here"),
    ],
)
def test_a_bad_value_is_named_in_one_line(values: dict[str, str], line: str) -> None:
    with pytest.raises(BadInput) as caught:
        EchoParams.parse(values)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_a_required_value_that_is_missing() -> None:
    class Needed(Params):
        where: str = param(description="A place.")

    with pytest.raises(BadInput, match=r"^--where: missing$"):
        Needed.parse({})


VALUES = st.text(max_size=100).filter(lambda text: text != "--")
"""Every text but the one that argparse cannot take."""


@given(
    st.builds(
        EchoParams,
        times=st.integers(1, 5),
        loud=st.booleans(),
        style=st.sampled_from(["plain", "fancy"]),
        source_url=VALUES,
        fault=VALUES,
    )
)
def test_params_survive_argv(params: EchoParams) -> None:
    invocation = parse(ECHO, ["--out=x", *params.argv()])
    assert EchoParams.parse(invocation.values) == params
    assert EchoParams.parse(params.texts()) == params


def test_params_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        EchoParams().times = 2  # type: ignore[misc]


def test_a_field_without_description_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Silent\.times has no description"):

        class Silent(Params):
            times: int = 1


@pytest.mark.parametrize("kind", [float, list[int], "int | None", dict])
def test_a_field_that_argv_could_not_carry_is_refused(kind: object) -> None:
    with pytest.raises(TypeError, match="is not an int, bool, str or Literal"):
        type("Odd", (Params,), {"__annotations__": {"x": kind}, "x": param(1, description="X.")})


def test_hints_follow_from_the_declaration() -> None:
    assert [bounds(info) for info in FIELDS.values()] == ["1 to 5", "true|false", "plain|fancy",
                                                          "", ""]  # fmt: skip
    assert choices(FIELDS["style"]) == ("plain", "fancy")
    assert choices(FIELDS["times"]) == ()
    assert flag("max_height_px") == "--max-height-px"


def test_half_open_bounds_and_empty_choices() -> None:
    class Odd(Params):
        least: int = param(1, ge=1, description="A.")
        most: int = param(1, le=9, description="B.")
        mode: Literal["", "x"] = param("", description="C.")

    assert [bounds(info) for info in Odd.model_fields.values()] == ["1 to", "to 9", '""|x']
