"""What of the page is drawn on the source's pictures, and what was asked for in words."""

from __future__ import annotations

import re

from steps.model.manifest import TaskRecord
from steps.model.timing import Span
from steps.publish import charts
from steps.publish.asked import asked_in_words
from steps.publish.source_frames import FrameFile, pictures
from tests.steps.publish.talks import documents


def test_the_crop_path_follows_the_window() -> None:
    job = documents()
    assert job.crops
    drawn = charts.crop_path(job.crops.clips[0].shots, job.crops.size, ())
    moving, still = re.findall(r'points="([^"]*)"', drawn)
    assert moving.split()[0] == "0,75"
    assert moving.split()[-1] == "0,150"
    assert "400,93" in moving
    assert {point.partition(",")[2] for point in still.split()} == {"18", "94"}
    assert '<line class="cut" x1="400"' in drawn


def test_the_frames_before_and_after() -> None:
    job = documents()
    assert job.crops
    assert job.tracks
    shot = job.crops.clips[0].shots[0]
    faces = job.tracks.clips[0].shots[0].tracks
    drawn = charts.before(shot, job.crops.size, faces)
    assert '<rect class="window w0" x="450" y="0" width="404" height="720"/>' in drawn
    assert drawn.count('class="seen face"') == 1
    assert 'viewBox="0 0 1080 1920"' in charts.after(shot, job.crops.size, job.crops.output)


def test_a_picture_is_under_the_window_and_in_the_clip() -> None:
    job = documents()
    assert job.crops
    shot, shown = job.crops.clips[0].shots[0], FrameFile("frames/000010000.jpg", 10_000)
    image = '<image href="frames/000010000.jpg" width="1280" height="720" '
    drawn = charts.before(shot, job.crops.size, (), shown)
    assert image in drawn
    assert '<rect class="window w0" x="400" y="0" width="404" height="720"/>' in drawn
    cropped = charts.after(shot, job.crops.size, job.crops.output, shown)
    assert image in cropped
    assert 'width="1080" height="1920" viewBox="400 0 404 720"' in cropped


def test_pictures_near_what_moderation_found_are_not_shown() -> None:
    files = [f"frames/{time:09}.jpg" for time in (1000, 4000, 7001, 11_000, 30_000)]
    shown = pictures([*files, "clips/clip_01.jpg"], documents().moderation)  # found at 5 s
    assert [one.time_ms for one in shown.all] == [1000, 7001, 11_000, 30_000]
    assert [one.time_ms for one in shown.strip(40_000, 2)] == [11_000, 30_000]
    nearest = shown.of(Span(in_ms=0, out_ms=11_000))
    assert nearest == FrameFile("frames/000007001.jpg", 7001)
    assert shown.of(Span(in_ms=12_000, out_ms=20_000)) is None
    assert pictures([], None).strip(40_000) == ()


def test_what_was_asked_is_a_sentence() -> None:
    def said(**params: str) -> str:
        task = TaskRecord(task="t", step="t", version=1, params=params, packages={})
        return asked_in_words([task])

    words = "3 clips of 15 to 60 s, 9:16 and 1:1, captions in the style bold"
    usual = {"clips": "3", "lengths": "short,medium", "aspect": "9:16,1:1"}
    assert said(**usual, captions="burn", style="bold", platform="any") == words
    assert said(clips="1", lengths="30,60-70") == "1 clip of 27 to 33 s or 60 to 70 s"
    assert said(at="0:10-0:40", captions="burn", style="s3://a/b.json") == (
        "the passages 0:10-0:40, captions in an own style"
    )
    assert said(clips="2", prompt="jokes", exclude="0:00-1:30", captions="sidecar") == (
        "2 clips, captions as files, prompt “jokes”, nothing from 0:00-1:30"
    )
    assert said() == ""
