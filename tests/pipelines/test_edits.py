"""clipmill edits: the lists of a job with the full address of its source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.pipelines.clipmill import Said
from tests.steps.publish.receipts import whole_job
from tests.steps.publish.test_publish import publish

Call = Callable[..., Said]


def test_the_lists_are_beside_the_hashed_ones(tmp_path: Path, called: Call) -> None:
    assert publish(whole_job(tmp_path / "job")) == 0
    said = called("edits", "job")
    names = ("clips.edl", "clips.otio", "clips.fcpxml", "clips.xml")
    assert said.out.splitlines() == [f"job/edits/{name}" for name in names]
    own = (tmp_path / "job/source.mkv").as_uri()
    assert all(own in (tmp_path / "job/edits" / name).read_text() for name in names)
    assert own not in (tmp_path / "job/clips.edl").read_text()
    assert called("verify", "job").code == 0


def test_a_job_by_its_address(tmp_path: Path, called: Call) -> None:
    assert publish(whole_job(tmp_path / "a job")) == 0
    own = (tmp_path / "a job").as_uri()
    said = called("edits", own)
    assert said.out.splitlines()[0] == f"{own}/edits/clips.edl"
    assert f"{own}/source.mkv" in (tmp_path / "a job/edits/clips.xml").read_text()


def test_another_address(tmp_path: Path, called: Call) -> None:
    assert publish(whole_job(tmp_path / "job")) == 0
    assert called("edits", "job", "--media", "s3://media/talk.mov").code == 0
    assert "s3://media/talk.mov" in (tmp_path / "job/edits/clips.xml").read_text()
    said = called("edits", "job", "--media", "talk.mov")
    assert said.code == 80
    assert "'talk.mov' is not an address: write file:///FOLDER/source.mov" in said.err
