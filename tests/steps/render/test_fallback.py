"""A clip whose captions cannot be drawn is delivered without them, and says so."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from steps.contract.receipt import Receipt
from steps.media import ffmpeg
from steps.model.render_check import RenderCheck
from tests.steps import numbered
from tests.steps.caption.samples import spoken
from tests.steps.render.jobs import fit, make_job, render

NO_LIBASS = """#!/bin/sh
case "$*" in
  *ass=f=captions*) echo "[AVFilterGraph @ 0x1] No such filter: 'ass'" >&2; exit 1;;
esac
exec {} "$@"
"""


def test_a_clip_whose_captions_cannot_be_drawn_is_delivered_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = numbered.make(tmp_path / "source.mp4", frames=30)
    job = make_job(
        tmp_path / "job", source, (0, 800), lambda size: [fit(size, (0, 800))], words=spoken("here")
    )
    other = tmp_path / "ffmpeg"
    other.write_text(NO_LIBASS.format(shlex.quote(ffmpeg.executable())))
    other.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(other))
    assert render(job) == 0
    assert not RenderCheck.from_file(job / "checks/clip_01.json").burned
    receipt = Receipt.from_file(job / "receipts/render-clip_01.json")
    (said,) = (one for one in receipt.degradations if one.code == "captions-not-burned")
    assert "the captions of clip_01 could not be drawn" in said.message
    assert "No such filter: 'ass'" in said.message
    assert {Path(one.path).suffix for one in receipt.outputs} == {".mp4", ".jpg", ".json"}
