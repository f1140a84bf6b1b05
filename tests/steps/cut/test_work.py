"""The step through its door."""

import resource
from pathlib import Path
from typing import Any

import av
import pytest

from steps.contract.command import main
from steps.contract.errors import BrokenContract, HostFault
from steps.cut import STEP
from steps.media.cuts import frame_times, read_cut
from steps.media.frames import key_frames
from steps.model.clips import Clip, Clips
from steps.model.stills import still_name
from tests.steps import numbered
from tests.steps.download.running import download


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fetched")
    assert download(numbered.make(folder / "a.mp4"), folder / "job") == 0
    return folder / "job"


def cut(job: Path, out: Path, spans: list[tuple[int, int]], *options: str) -> int:
    clips = tuple(
        Clip(id=f"clip_{n:02}", in_ms=first, out_ms=last, title="", score=1, rank=n)
        for n, (first, last) in enumerate(spans, 1)
    )
    plan = Clips(asked=len(spans), method="given", reason="", clips=clips)
    out.mkdir()
    for name in ("source.mkv", "source_meta.json"):
        (out / name).symlink_to(job / name)
    (out / "plan.json").write_bytes(plan.canonical_bytes())
    return main(STEP, ["--in", str(out), "--out", str(out), *options], _no_cache)


def _no_cache(_uri: str) -> Any:
    raise AssertionError("no cache was asked for")


def test_every_clip_has_its_cut_with_handles(fetched: Path, tmp_path: Path) -> None:
    out = tmp_path / "job"
    assert cut(fetched, out, [(0, 500), (1500, 2000), (2800, 3200)], "--handles-ms=200") == 0
    times, end_ms = frame_times(fetched / "source.mkv")
    cuts = [read_cut(path) for path in sorted((out / "cuts").iterdir())]
    assert [one.path.name for one in cuts] == ["clip_01.mkv", "clip_02.mkv", "clip_03.mkv"]
    for one, (first, last) in zip(cuts, [(0, 700), (1300, 2200), (2600, 3200)], strict=True):
        assert one.span.in_ms <= first
        assert one.span.out_ms >= min(last, end_ms)
        wanted = {time for time in times if first <= time < last}
        assert wanted <= set(one.frame_times_ms) <= set(times)


def test_pictures_of_the_source_and_of_each_clip_are_kept(fetched: Path, tmp_path: Path) -> None:
    out = tmp_path / "job"
    assert cut(fetched, out, [(1500, 2000)], "--handles-ms=200") == 0
    files = sorted((out / "frames").iterdir())
    numbers = {}
    for path in files:
        with av.open(path) as found:
            (picture,) = found.decode(video=0)
        numbers[path.name] = numbered.number(picture.to_ndarray(format="bgr24"))
    keys = {
        still_name(one.time_ms): numbered.number(one.pixels)
        for one in key_frames(fetched / "source.mkv")
    }
    assert numbers == keys


def test_an_empty_plan_writes_nothing(fetched: Path, tmp_path: Path) -> None:
    out = tmp_path / "job"
    assert cut(fetched, out, []) == 0
    assert not (out / "cuts").exists() or list((out / "cuts").iterdir()) == []


def test_a_full_disk_is_not_a_damaged_source(fetched: Path, tmp_path: Path) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, allowed[1]))
    try:
        assert cut(fetched, tmp_path / "job", [(0, 3200)]) == HostFault.exit_code
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)


def test_a_missing_source_is_a_broken_contract(fetched: Path, tmp_path: Path) -> None:
    assert cut(tmp_path, tmp_path / "job", [(0, 500)]) == BrokenContract.exit_code
