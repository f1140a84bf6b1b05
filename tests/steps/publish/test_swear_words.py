"""Swear words in titles and other texts: masked wherever people read them, if that is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps.model.captions import Captions, Profanity
from steps.model.clips import Chunk, Chunks, ClipSummary, Rejected, Summary
from steps.model.manifest import Manifest
from tests.steps.publish.receipts import Job, plan
from tests.steps.publish.test_publish import publish

SWORN = "Fucking hell: das ist Scheiße #shit"
SUMMARY = Summary(
    summary=SWORN,
    keywords=("shit",),
    language="de",
    clips=(
        ClipSummary(
            id="clip_01", title=SWORN, hook=SWORN, reason=SWORN, tags=("shit",), scores={},
            description=SWORN, summary=SWORN, hashtags=("shit",),
        ),
    ),
    rejected=(
        Rejected(in_ms=0, out_ms=1000, text=SWORN, score=1, scores={}, reason="repeats clip_01"),
    ),
)  # fmt: skip


def published(folder: Path, profanity: Profanity) -> str:
    """All that publish wrote of a job whose texts swear, as one text."""
    chosen = plan((1000, 8000))
    clip = chosen.clips[0].model_copy(update={"title": SWORN})
    job = Job(folder, chosen.model_copy(update={"clips": (clip,)}))
    job.render("clip_01")
    captions = Captions(language="en", burned=True, profanity=profanity, clips=())
    chunk = Chunk(id="chunk_001", in_ms=0, out_ms=9000, text=SWORN, score=1)
    documents = (("captions", captions), ("summary", SUMMARY), ("chunks", Chunks(chunks=(chunk,))))
    for name, document in documents:
        (folder / f"{name}.json").write_bytes(document.canonical_bytes())
    assert publish(job) == 0
    assert Manifest.from_file(folder / "manifest.json").clips[0].title
    kinds = (".html", ".edl", ".otio", ".fcpxml", ".xml")
    files = [one for one in folder.iterdir() if one.suffix in kinds]
    files += [folder / "manifest.json", folder / "edl.json"]
    assert len(files) > 4
    return "".join(one.read_text(encoding="utf-8") for one in files)


@pytest.mark.parametrize("profanity", ["star", "mute", "beep"])
def test_no_text_has_a_swear_word(profanity: Profanity, tmp_path: Path) -> None:
    text = published(tmp_path, profanity)
    for word in ("fuck", "shit", "Scheiße"):
        assert word not in text.replace("Sh", "sh").replace("Fu", "fu")
    assert "F****** hell: das ist S****** #s***" in text


def test_they_stay_where_nobody_asked(tmp_path: Path) -> None:
    assert SWORN in published(tmp_path, "keep")
