"""The order of the tests."""

from __future__ import annotations

from types import SimpleNamespace

from tests.longest_first import PROCESSOR_S, ROOT, pytest_collection_modifyitems


def test_the_files_that_take_long_are_there() -> None:
    assert [name for name in PROCESSOR_S if not (ROOT / name).is_file()] == []


def test_they_come_first_and_the_tests_of_a_file_stay_in_order() -> None:
    longest = ROOT / max(PROCESSOR_S, key=lambda name: PROCESSOR_S[name])
    quick = ROOT / "test_house.py"
    items = [SimpleNamespace(path=path, name=at) for at, path in enumerate((quick, longest) * 2)]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.name for item in items] == [1, 3, 0, 2]
