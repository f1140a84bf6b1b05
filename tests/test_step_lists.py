"""The lists of steps in files that cannot import the catalogue."""

import pytest

from tests.step_lists import FILES, ROOT, layers


@pytest.mark.parametrize("name", FILES)
def test_the_lists_are_fresh(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert FILES[name](text) == text, "run `make golden`"


def test_layers_that_are_not_found_are_an_error() -> None:
    with pytest.raises(ValueError, match="no layer of stages"):
        layers("[tool.importlinter]\n")
