from pathlib import Path, PurePosixPath

import pytest

from steps.catalogue import NAMES, load_step
from steps.contract import Port
from steps.model import artifacts

FILE = Port("file", "a/file.txt", "a file")
FOLDER = Port("folder", "parts/", "a folder")
CLIP = Port("clip", "clips/{clip}.mp4", "a clip")


def test_files_that_are_there(tmp_path: Path) -> None:
    assert FILE.files(tmp_path) == FOLDER.files(tmp_path) == []
    for name in ("a/file.txt", "parts/b/2", "parts/10", "parts/1", "clips/clip_01.mp4",
                 "parts/.DS_Store", "parts/.partial/x"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert FILE.files(tmp_path) == [PurePosixPath("a/file.txt")]
    assert [str(path) for path in FOLDER.files(tmp_path)] == ["parts/1", "parts/10", "parts/b/2"]
    assert CLIP.files(tmp_path, "clip_01") == [PurePosixPath("clips/clip_01.mp4")]
    assert CLIP.files(tmp_path, "clip_02") == []


@pytest.mark.parametrize(
    ("port", "of_clip", "of_further"),
    [
        (artifacts.CUT, "cuts/clip_01.mkv", "cuts/clip_01.mkv"),
        (artifacts.CROPS, "crops.json", "crops/4x5.json"),
        (artifacts.CLIP_VIDEO, "clips/clip_01.mp4", "clips/clip_01_4x5.mp4"),
        (artifacts.CLIPS, "clips.json", "clips.json"),
        (artifacts.CUTS, "cuts", "cuts"),
    ],
)
def test_a_rendition_finds_the_files_of_its_clip_and_its_aspect(
    port: Port, of_clip: str, of_further: str
) -> None:
    assert str(port.resolve("clip_01")) == of_clip
    assert str(port.resolve("clip_01_4x5")) == of_further


def test_optional_is_another_port_of_the_same_place() -> None:
    assert FILE.maybe().optional
    assert not FILE.optional
    assert FILE.maybe().path == FILE.path


def test_the_map_of_a_job_has_no_two_names_for_one_place() -> None:
    ports = [value for value in vars(artifacts).values() if isinstance(value, Port)]
    names = [port.name for port in ports]
    assert len(set(names)) == len(names) > 10
    paths = [port.path for port in ports]
    assert len(set(paths)) == len(paths)


def test_no_step_reads_what_it_writes() -> None:
    for name in NAMES:
        step = load_step(name)
        assert {port.path for port in step.reads}.isdisjoint(port.path for port in step.writes)
