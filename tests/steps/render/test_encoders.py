"""Encoders that are not there are replaced, with the reason; x264 stays what it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from steps.contract.receipt import Receipt
from steps.media import ffmpeg
from steps.model.render_check import RenderCheck
from steps.render.encoders import HARDWARE, choose, lacks, x264
from tests.steps import numbered
from tests.steps.render.jobs import fit, make_job, render

NO_HARDWARE = pytest.mark.skipif(
    any(not lacks(one) for one in HARDWARE.values()), reason="this machine has such an encoder"
)


def test_x264_can_always_be_used() -> None:
    assert lacks(x264("ultrafast")) == ""
    encoder, reason = choose("x264", "veryfast")
    assert (encoder.name, reason) == ("x264", "")


def test_superfast_has_the_macroblock_tree(tmp_path: Path) -> None:
    """x264's own takes twice the bytes of `veryfast` for this film."""
    film = ["-f", "lavfi", "-i", "mandelbrot=s=480x270:r=30", "-frames:v", "60"]
    taken = {}
    for preset in ("veryfast", "superfast"):
        file = tmp_path / f"{preset}.mp4"
        ffmpeg.run([*film, "-vf", "noise=alls=3:allf=t", *x264(preset).options(20, 15), str(file)])
        taken[preset] = file.stat().st_size
    assert taken["superfast"] < 1.2 * taken["veryfast"]


@pytest.mark.parametrize("name", HARDWARE)
def test_a_profile_states_its_codec_quality_and_key_frames(name: str) -> None:
    options = HARDWARE[name].options(20, 15)
    assert options[:2] == ["-c:v", f"h264_{name}"]
    assert options[options.index("-g") + 1] == "15"
    assert HARDWARE[name].options(26, 15) != options


@NO_HARDWARE
def test_a_machine_without_hardware_encodes_with_x264_and_says_why(tmp_path: Path) -> None:
    source = numbered.make(tmp_path / "source.mp4", frames=30)
    job = make_job(tmp_path / "job", source, (0, 800), lambda size: [fit(size, (0, 800))])
    assert render(job) == 0
    plain = (job / "clips/clip_01.mp4").read_bytes()
    assert render(job, "--encoder=auto") == 0
    assert (job / "clips/clip_01.mp4").read_bytes() == plain
    assert RenderCheck.from_file(job / "checks/clip_01.json").encoder == "x264"
    receipt = Receipt.from_file(job / "receipts/render-clip_01.json")
    said = {one.code: one.message for one in receipt.degradations}["encoder-fallback"]
    assert said.startswith("x264 encodes, nvenc: ")
    assert all(f"{name}: " in said for name in HARDWARE)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system binds no process")
def test_the_number_of_cores_changes_no_byte(tmp_path: Path) -> None:
    source = numbered.make(tmp_path / "source.mp4", frames=60)
    job = make_job(tmp_path / "job", source, (0, 1800), lambda size: [fit(size, (0, 1800))])
    assert render(job) == 0
    on_all = (job / "clips/clip_01.mp4").read_bytes()
    cores = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(cores)})
        assert render(job) == 0
    finally:
        os.sched_setaffinity(0, cores)
    assert (job / "clips/clip_01.mp4").read_bytes() == on_all
