"""publish, run through its own command on small jobs of real files."""

import json
from pathlib import Path

import pytest

from steps.contract.errors import one_line
from steps.contract.receipt import Degradation, Receipt, Used
from steps.media.ffmpeg import failure
from steps.model.edl import Edl
from steps.model.manifest import Manifest
from steps.model.timing import frame_at
from tests.steps.publish.receipts import CHECK, META, RATE, Job, plan, whole_job


def publish(job: Job, cache: str = "") -> int:
    from steps.__main__ import main

    return main(["publish", f"--out={job.root}", *([f"--cache={cache}"] if cache else [])])


def manifest_of(job: Job) -> Manifest:
    return Manifest.from_file(job.root / "manifest.json")


def failure_of(job: Job) -> tuple[int, str]:
    receipt = Receipt.from_file(job.root / "receipts/publish.json")
    assert receipt.failure is not None
    return receipt.failure.exit_code, receipt.failure.message


def test_a_complete_job(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    assert publish(job) == 0
    manifest = manifest_of(job)
    assert (manifest.outcome, manifest.reason, manifest.missing) == ("complete", "", ())
    assert manifest.source_sha256 == META.source_sha256
    assert [clip.id for clip in manifest.clips] == ["clip_01", "clip_02", "clip_03"]
    media = tuple(f"clips/clip_01.{kind}" for kind in ("ass", "jpg", "mp4", "srt"))
    assert manifest.clips[0].files == (*media, "checks/clip_01.json")
    renders = [f"render-clip_0{number}" for number in (1, 2, 3)]
    tasks = ["caption", "cut", "detect", "download", "reframe", *renders]
    assert [task.task for task in manifest.tasks] == tasks


def test_every_file_of_the_job_is_named_by_its_content(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    publish(job)
    manifest = manifest_of(job)
    paths = [item.path for item in manifest.artifacts]
    assert paths == sorted(paths)
    on_disk = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    own = {"manifest.json", "receipts/publish.json", "runs/publish.json"}
    assert set(paths) == on_disk - own
    assert [job.fingerprint(path) for path in paths] == list(manifest.artifacts)


def test_nothing_of_the_machine_is_in_it(tmp_path: Path) -> None:
    first, second = whole_job(tmp_path / "one"), whole_job(tmp_path / "other place")
    assert publish(first) == publish(second) == 0
    for name in ("manifest.json", "edl.json", "report.html"):
        data = (first.root / name).read_bytes()
        assert data == (second.root / name).read_bytes()
        assert str(tmp_path).encode() not in data


def test_publishing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    publish(job)
    before = (tmp_path / "manifest.json").read_bytes()
    publish(job)
    assert (tmp_path / "manifest.json").read_bytes() == before


def test_it_is_never_cached(tmp_path: Path) -> None:
    job = whole_job(tmp_path / "job")
    assert publish(job, cache=str(tmp_path / "cache")) == 0
    assert not (tmp_path / "cache").exists()


def test_the_edit_list_has_the_frames_of_the_files(tmp_path: Path) -> None:
    """As many as were measured, from the one on screen at the in point on."""
    job = whole_job(tmp_path)
    publish(job)
    edl = Edl.from_file(tmp_path / "edl.json")
    assert (edl.rate, edl.source_sha256) == (RATE, META.source_sha256)
    assert [event.file for event in edl.events] == [f"clips/clip_0{n}.mp4" for n in (1, 2, 3)]
    frames = [(event.in_frame, event.out_frame - event.in_frame) for event in edl.events]
    starts = [0, frame_at(20_000, RATE), frame_at(50_000, RATE)]
    assert frames == [(start, CHECK.frames) for start in starts]


def test_models_and_fallbacks_are_gathered_once_and_sorted(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    asr, faces = Used(name="tiny.en", sha256="a" * 64), Used(name="centerface", sha256="b" * 64)
    late, early = Degradation(code="z", message="1"), Degradation(code="a", message="2")
    job.task("transcribe", {"a.json": b"{}"}, models=(asr,), degradations=(late, early))
    job.task("moderate", {"b.json": b"{}"}, models=(faces, asr), degradations=(late,))
    publish(job)
    manifest = manifest_of(job)
    assert manifest.models == (faces, asr)
    degradations = [(item.task, item.code) for item in manifest.degradations]
    assert degradations == [("moderate", "z"), ("transcribe", "a"), ("transcribe", "z")]


def test_a_failed_clip_is_missing_with_its_reason(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    job.fail("render-clip_02", 84, "BrokenContract", "the loudness is off")
    assert publish(job) == 0
    manifest = manifest_of(job)
    assert manifest.outcome == "partial"
    assert manifest.reason == "1 of 3 clips are missing (clip_02): the loudness is off"
    assert [clip.id for clip in manifest.clips] == ["clip_01", "clip_03"]
    assert [(clip.id, clip.failure.exit_code) for clip in manifest.missing] == [("clip_02", 84)]
    named = {item.path for item in manifest.artifacts}
    assert "clips/clip_02.mp4" not in named, "a file of an earlier attempt"
    assert "receipts/render-clip_02.json" in named
    events = Edl.from_file(tmp_path / "edl.json").events
    assert [event.id for event in events] == ["clip_01", "clip_03"]


def test_a_clip_in_two_aspects_is_delivered_twice_and_listed_once(tmp_path: Path) -> None:
    job = Job(tmp_path, plan((0, 20_000), (20_000, 45_000)), ("", "_4x5"))
    for name in ("clip_01", "clip_01_4x5", "clip_02_4x5"):
        job.render(name)
    job.fail("render-clip_02", 84, "BrokenContract", "the loudness is off")
    assert publish(job) == 0
    manifest = manifest_of(job)
    assert [clip.id for clip in manifest.clips] == ["clip_01", "clip_01_4x5", "clip_02_4x5"]
    assert [clip.title for clip in manifest.clips] == ["Title 1", "Title 1", "Title 2"]
    media = tuple(f"clips/clip_01_4x5.{kind}" for kind in ("ass", "jpg", "mp4", "srt"))
    assert manifest.clips[1].files == (*media, "checks/clip_01_4x5.json")
    assert manifest.reason == "1 of 4 clips are missing (clip_02): the loudness is off"
    events = Edl.from_file(tmp_path / "edl.json").events
    assert [(event.id, event.file) for event in events] == [
        ("clip_01", "clips/clip_01.mp4"),
        ("clip_02", "clips/clip_02_4x5.mp4"),
    ]
    text = (tmp_path / "report.html").read_text()
    assert text.count("<article") == 2
    assert text.count("<summary>In 4:5") == 1
    assert text.count('src="clips/clip_01_4x5.mp4"') == 1


def test_ids_that_are_none_break_the_contract(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    job.task("reframe", {"clip_ids.json": b'["../clip_01"]'}, ["clips.json"])
    assert publish(job) == 84
    assert failure_of(job)[1].startswith("clip_ids.json is not a list of ids: ")


def test_the_manifest_holds_no_address_of_memory(tmp_path: Path) -> None:
    """Two runs of one failure differ in ffmpeg's addresses only, and give one manifest."""
    made = []
    for address in ("0x55d0c8f1a2c0", "0x7f31c4000b80"):
        job = whole_job(tmp_path / address)
        stderr = (
            f"[mov,mp4 @ {address}] moov atom not found\n"
            f"[in#0 @ {address}] Error opening input: Invalid data found at {address}\n"
        )
        error = failure(1, stderr)
        job.fail("render-clip_02", error.exit_code, type(error).__name__, one_line(str(error)))
        assert publish(job) == 0
        made.append((job.root / "manifest.json").read_text())
    assert made[0] == made[1]
    assert "Invalid data found" in made[0]
    assert "0x" not in made[0]


def test_a_lost_task_is_a_missing_clip(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    (tmp_path / "receipts/render-clip_03.json").unlink()
    assert publish(job) == 0
    (missing,) = manifest_of(job).missing
    assert (missing.id, missing.failure.error, missing.failure.exit_code) == ("clip_03", "Lost", 75)
    assert "left no receipt" in missing.failure.message


def test_clips_of_an_earlier_plan_are_not_delivered(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    job.file(
        Receipt(task="render-clip_07", step="render", version=1, params={}, inputs=(),
                outputs=(job.fingerprint("clips/clip_01.mp4"),))
    )  # fmt: skip
    job.fail("render-clip_08", 1, "Bug", "of an earlier attempt")
    publish(job)
    manifest = manifest_of(job)
    assert manifest.outcome == "complete"
    assert not [item for item in manifest.artifacts if "clip_07" in item.path]
    assert not [item for item in manifest.artifacts if "clip_08" in item.path]


def test_a_clip_of_an_earlier_plan_with_the_same_id_is_not_delivered(tmp_path: Path) -> None:
    """The plan changed and the new rendering of clip_01 was lost: its old receipt remains."""
    stale = (whole_job(tmp_path).root / "receipts/render-clip_01.json").read_bytes()
    job = Job(tmp_path, plan((5_000, 25_000), (30_000, 50_000)))
    job.render("clip_02")
    (tmp_path / "receipts/render-clip_01.json").write_bytes(stale)
    assert publish(job) == 0
    manifest = manifest_of(job)
    assert [clip.id for clip in manifest.clips] == ["clip_02"]
    assert [clip.failure.error for clip in manifest.missing] == ["Lost"]
    assert "clips/clip_01.mp4" not in {item.path for item in manifest.artifacts}


def test_an_empty_plan_is_an_empty_job(tmp_path: Path) -> None:
    job = Job(tmp_path, plan(reason="the source is shorter than a clip"))
    assert publish(job) == 0
    manifest = manifest_of(job)
    assert (manifest.outcome, manifest.clips) == ("empty", ())
    assert manifest.reason == "the source is shorter than a clip"
    assert Edl.from_file(tmp_path / "edl.json").events == ()


@pytest.mark.parametrize(
    ("failures", "code"),
    [
        ([(82, "OverLimit"), (84, "BrokenContract"), (84, "BrokenContract")], 84),
        ([(82, "OverLimit"), (84, "BrokenContract"), (75, "Transient")], 82),
        ([(1, "KeyError"), (1, "KeyError"), (80, "BadInput")], 1),
        ([], 75),
    ],
)
def test_without_any_clip_there_is_no_manifest(
    tmp_path: Path, failures: list[tuple[int, str]], code: int
) -> None:
    job = Job(tmp_path, plan((0, 20_000), (20_000, 45_000), (50_000, 80_000)))
    for number, (exit_code, error) in enumerate(failures, 1):
        job.fail(f"render-clip_0{number}", exit_code, error, f"reason {exit_code}")
    assert publish(job) == code
    assert not (tmp_path / "manifest.json").exists()
    assert not (tmp_path / "edl.json").exists()
    assert not (tmp_path / "report.html").exists()
    found, message = failure_of(job)
    assert found == code
    assert message.startswith("none of the 3 clips was rendered: ")
    assert f"reason {code}" in message or not failures


def test_a_clip_lost_to_the_machine_is_not_a_missing_clip(tmp_path: Path) -> None:
    """The rest may not be committed as a partial job: elsewhere the clip would be made."""
    job = whole_job(tmp_path)
    job.fail("render-clip_02", 86, "HostFault", "no space is left on the disk")
    assert publish(job) == 86
    assert failure_of(job) == (86, "clip_02 is missing: no space is left on the disk")
    assert not (tmp_path / "manifest.json").exists()


def test_a_failed_step_fails_the_job_with_its_own_code(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    job.fail("moderate", 85, "Blocked", "the policy forbids it")
    assert publish(job) == 85
    assert failure_of(job) == (85, "moderate failed: the policy forbids it")
    assert not (tmp_path / "manifest.json").exists()


def test_a_plan_that_no_receipt_lists(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    (tmp_path / "clips.json").write_bytes(plan((1, 20_000)).canonical_bytes())
    assert publish(job) == 84
    assert "clips.json is not what detect wrote" in failure_of(job)[1]
    (tmp_path / "receipts/detect.json").unlink()
    assert publish(job) == 84
    assert "no receipt lists this clips.json" in failure_of(job)[1]


def test_tasks_that_do_not_fit_together(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    job.task("download", {"source_meta.json": META, "source.mkv": b"another video"})
    assert publish(job) == 84
    assert failure_of(job)[1].startswith("cut read another source.mkv")


def test_two_tasks_that_made_the_same_file(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    job.task("reframe", {"clips/clip_01.ass": b"other"})
    assert publish(job) == 84
    assert "two tasks made clips/clip_01.ass" in failure_of(job)[1]


def test_a_broken_receipt(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    (tmp_path / "receipts/cut.json").write_text(json.dumps({"kind": "other"}))
    assert publish(job) == 84
    assert "cut.json is not a valid clipmill/receipt@1" in failure_of(job)[1]
