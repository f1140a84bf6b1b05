"""A step with a cache: what is a hit, and what must not be."""

from dataclasses import replace
from pathlib import Path

import pytest

from steps.contract import Weights, WeightsFile
from steps.contract.cache import cache_key
from steps.contract.command import main
from steps.contract.receipt import Fingerprint, RunRecord
from steps.storage.cache import open_cache
from tests.steps.contract.example import ECHO, EchoParams


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "words.txt").write_text("so it goes")
    return folder


def run(inputs: Path, number: int, *options: str, step=ECHO) -> bool:
    """Run into a new folder and return whether the cache had it."""
    out, cache = inputs.parent / str(number), inputs.parent / "cache"
    argv = [f"--in={inputs}", f"--out={out}", f"--cache={cache}", *options]
    assert main(step, argv, open_cache) == 0
    return RunRecord.from_file(out / "runs/echo.json").cache_hit


def without_records(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "runs"
    }


def test_a_hit_leaves_what_the_run_left(inputs: Path) -> None:
    assert run(inputs, 1, "--style=fancy") is False
    assert run(inputs, 2, "--style=fancy") is True
    first = without_records(inputs.parent / "1")
    assert first == without_records(inputs.parent / "2")
    assert "receipts/echo.json" in first


def test_where_the_input_came_from_does_not_matter(inputs: Path) -> None:
    run(inputs, 1, "--source-url=https://a")
    assert run(inputs, 2, "--source-url=https://b") is True


def test_another_param_or_input_is_a_miss(inputs: Path) -> None:
    run(inputs, 1)
    assert run(inputs, 2, "--times=2") is False
    (inputs / "note.txt").write_text("an optional input")
    assert run(inputs, 3) is False
    (inputs / "words.txt").write_text("other words")
    assert run(inputs, 4) is False


def test_a_damaged_cache_is_a_miss(inputs: Path) -> None:
    run(inputs, 1)
    for blob in (inputs.parent / "cache/blobs").rglob("*"):
        if blob.is_file():
            blob.write_bytes(b"damaged")
    assert run(inputs, 2) is False
    assert run(inputs, 3) is True


def test_a_failed_run_is_not_kept(inputs: Path) -> None:
    argv = [f"--in={inputs}", f"--out={inputs.parent / 'x'}", f"--cache={inputs.parent / 'cache'}"]
    assert main(ECHO, [*argv, "--fault=BadInput"], open_cache) == 80
    assert not list((inputs.parent / "cache").rglob("*.json"))


def test_a_cache_address_that_means_nothing_is_refused(inputs: Path) -> None:
    argv = [f"--in={inputs}", f"--out={inputs.parent / 'x'}", "--cache=gs://bucket"]
    assert main(ECHO, argv, open_cache) == 80


def never(_params: EchoParams) -> None:
    """The fingerprint of a step that must not be cached."""


def test_a_step_without_a_fingerprint_to_trust_is_never_cached(inputs: Path) -> None:
    step = replace(ECHO, fingerprint=f"{__name__}:never")
    assert [run(inputs, number, step=step) for number in (1, 2)] == [False, False]
    assert not (inputs.parent / "cache").exists()


ITEM = Fingerprint(path="words.txt", sha256="a" * 64, size_bytes=1)
PINNED = Weights(name="w", files=(WeightsFile(path="file", sha256="b" * 64),))


def key_of(step=ECHO, params=None, inputs=(ITEM,), mark: str = "") -> str:
    params = params or step.params()
    return cache_key(step, params, list(inputs), mark, step.needs(params))


@pytest.mark.parametrize(
    "key",
    [
        key_of(replace(ECHO, version=2)),
        key_of(replace(ECHO, name="other")),
        key_of(replace(ECHO, weights=(PINNED,))),
        key_of(replace(ECHO, packages=())),
        key_of(ECHO, EchoParams(loud=True)),
        key_of(inputs=[ITEM.model_copy(update={"sha256": "c" * 64})]),
        key_of(inputs=[ITEM.model_copy(update={"path": "note.txt"})]),
        key_of(inputs=[]),
        key_of(mark="etag"),
    ],
    ids="version name weights packages params digest path inputs mark".split(),
)
def test_all_that_shapes_the_result_is_in_the_key(key: str) -> None:
    assert key != key_of()
    assert len(key) == 64


def test_a_locator_is_not_in_the_key() -> None:
    assert len({key_of(ECHO, EchoParams(source_url=url)) for url in ("a", "b")}) == 1
