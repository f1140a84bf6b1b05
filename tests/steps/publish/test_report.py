"""report.html: what is on it, that it needs nothing else, and that hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from steps.contract.receipt import RunRecord, UsedEngine
from steps.model.captions import CueWord
from steps.model.clips import Translation
from steps.model.run import Run
from steps.model.timing import Span
from steps.publish import charts, wording
from steps.publish.documents import JobDocuments
from steps.publish.page import page
from steps.publish.timeline import percent, timeline
from tests.steps.publish.receipts import META, plan, whole_job
from tests.steps.publish.talks import documents, hostile, manifest
from tests.steps.publish.test_publish import publish

VOID = {"meta", "img", "br", "link", "input"}
RUN = Run(
    job="talk",
    executor="local",
    tasks=(
        RunRecord(
            task="render-clip_01", started="2026-01-01T00:00:00+00:00", wall_ms=2500, cpu_ms=4100,
            peak_memory_bytes=64 << 20, host="kitchen", attempt=0, cache_hit=False, exit_code=0,
        ),
    ),
)  # fmt: skip


class Page(HTMLParser):
    """The elements of a page, each closed in turn, and its text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.feed(data.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def shape(found: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Elements and the names of their attributes: what a text must never change."""
    return [(tag, tuple(attributes)) for tag, attributes in found.tags]


def test_everything_is_on_the_page() -> None:
    found = Page(page(documents("Why we slept"), manifest("it fell back")))
    for said in (
        "Why we slept", "All clips are ready", "1 of 1, chosen by words and sound", "90.0 s",
        "29.97 frames a second", "Picture 1280 × 720", "Rendering (clip_01).",
        "it fell back", "Speaker 1", "Speaker 2",
        "Music, singing", "No. 1", "0:10 to 0:30", "Words that stand out", "+170", "-88",
        "Follow the speaker", "-14.0 LUFS", "2 of 2 checks passed", "✓ passed: Size as asked ✓",
        "Something was found", "70 % sure", "--prompt", "usual passage has 500",
    ):  # fmt: skip
        assert said in found.text, said
    links = {one["href"] for tag, one in found.tags if tag == "a"}
    assert {"#clip_01", "clips/clip_01.mp4", "clips/clip_01.srt"} <= links
    (video,) = [one for tag, one in found.tags if tag == "video"]
    assert (video["src"], video["poster"]) == ("clips/clip_01.mp4", "clips/clip_01.jpg")
    ids = found.ids()
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_headings_step_down_one_by_one() -> None:
    found = Page(page(documents(), manifest()))
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_needs_no_network_and_allows_no_script_but_its_own() -> None:
    data = page(documents(), manifest())
    found = Page(data)
    for tag, attributes in found.tags:
        for name in ("src", "href", "poster"):
            assert not re.match(r"[a-z]+:|//", attributes.get(name, "")), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert tag not in ("link", "iframe", "object", "form")
    policy = next(one["content"] for _, one in found.tags if one.get("http-equiv"))
    script = re.findall(r"<script>(.*?)</script>", data.decode(), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in script]
    assert re.findall(r"script-src ([^;]*)", policy) == [f"'sha256-{digests[0]}'"]
    assert "default-src 'none'" in policy
    assert "url(" not in data.decode()


@pytest.mark.parametrize("number", range(100))
def test_hostile_text_is_shown_as_text(number: int) -> None:
    text = list(hostile())[number]
    expected = shape(Page(page(documents(), manifest())))
    found = Page(page(documents(text), manifest(text)))
    assert shape(found) == expected
    assert " ".join(text.split()) in found.text


def test_there_are_a_hundred_of_them() -> None:
    assert len(list(hostile())) == len(set(hostile())) == 100


def test_a_caption_in_two_languages_has_two_lines() -> None:
    job = documents()
    assert job.captions
    assert job.summary
    (cue,) = job.captions.clips[0].cues
    under = [
        CueWord(in_ms=cue.in_ms, out_ms=cue.out_ms, text=text, line=1, translated=True)
        for text in ("Ein", "Titel")
    ]
    both = cue.model_copy(update={"words": (*cue.words, *under)})
    clips = (job.captions.clips[0].model_copy(update={"cues": (both,)}),)
    translated = replace(
        job,
        captions=job.captions.model_copy(update={"clips": clips}),
        summary=job.summary.model_copy(
            update={"translation": Translation(language="de", lines=())}
        ),
    )
    text = page(translated, manifest()).decode()
    lines = re.findall(r'<p class="said" dir="auto" lang="(..)">([^<]*)</p>', text)
    assert lines == [("en", "A title"), ("de", "Ein Titel")]
    plain = page(job, manifest()).decode()
    assert plain.count('<p class="said"') == 1


def test_what_a_run_took_is_there_only_if_asked_for() -> None:
    job = documents()
    plain, timed = Page(page(job, manifest())), Page(page(job, manifest(), RUN))
    assert "What it took" not in plain.text
    assert "clipmill report JOB" in plain.text
    assert "What it took 2.5 s of work in all, on one machine" in timed.text
    assert "4.1 s 64 MiB" in timed.text
    assert "kitchen" not in timed.text


def test_a_gpu_and_prices_are_there_where_they_are_known() -> None:
    job = documents()
    timed = Page(page(job, manifest(), RUN)).text
    assert "GPU memory" not in timed
    assert "Price" not in timed
    record = RUN.tasks[0].model_copy(update={"gpu": "NVIDIA L4", "peak_gpu_memory_bytes": 3 << 30})
    run = RUN.model_copy(update={"tasks": (*RUN.tasks, record)})
    text = Page(page(job, manifest(), run, lambda cpu, gpu: cpu + 10 * gpu)).text
    assert "5.0 s of work in all, price 33.2000, on one machine" in text
    assert "4.1 s 64 MiB – – 4.1000" in text
    assert "4.1 s 64 MiB NVIDIA L4 3072 MiB 29.1000" in text


def test_a_bare_job_has_a_page() -> None:
    bare = JobDocuments(META, plan((0, 20_000)))
    found = Page(page(bare, manifest(files=("clips/clip_01.mp4",))))
    assert "Title 1" in found.text
    empty = manifest("it is too short").model_copy(update={"outcome": "empty", "clips": ()})
    assert "it is too short" in Page(page(JobDocuments(META, plan()), empty)).text


def test_steps_that_have_no_words_of_their_own_come_last() -> None:
    """Such as one that somebody adds by docs/adding-a-step.md."""
    engine = UsedEngine(param="by", name="fingers", promise="any-machine")
    (known,) = manifest().tasks
    tasks = [
        known.model_copy(update={"step": step, "task": step, "engines": (engine,)})
        for step in ("weigh", "count", "publish", "cut")
    ]
    text = Page(page(documents(), manifest().model_copy(update={"tasks": tuple(tasks)}))).text
    assert "Cutting: fingers Publishing: fingers Count: fingers Weigh: fingers" in text


def test_a_long_source_stays_small() -> None:
    """Twenty clips of a minute, each with a window that moves in every frame."""
    one = documents("A title of an ordinary length for a clip of a talk")
    assert one.crops
    assert one.captions
    shot = one.crops.clips[0].shots[0]
    (region,) = shot.regions
    frame = region.keyframes[0]
    frames = tuple(
        frame.model_copy(update={"time_ms": 10_000 + 20 * n, "x_mpx": 400_000 + 37 * n})
        for n in range(1000)
    )
    moving = shot.model_copy(update={"regions": (region.model_copy(update={"keyframes": frames}),)})
    drawn = charts.crop_path([moving] * 6, META.video.size, ())
    cues = len(page(one, manifest())) + 40 * 300
    assert 20 * (cues + len(drawn)) < 1_500_000


def test_publish_writes_it_and_the_manifest_lists_it(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    assert publish(job) == 0
    listed = (tmp_path / "manifest.json").read_text()
    assert job.fingerprint("report.html").sha256 in listed
    assert "-14.0 LUFS" in Page((tmp_path / "report.html").read_bytes()).text


def test_bars_are_as_high_as_scores_and_joined_where_there_are_many() -> None:
    bars = [(Span(in_ms=0, out_ms=500), 1000, False), (Span(in_ms=500, out_ms=1000), 500, True)]
    drawn = charts.score_bars(bars, 1000)
    assert '<rect class="bar" x="0" y="0" width="499" height="100"/>' in drawn
    assert '<rect class="bar chosen" x="500" y="50" width="499" height="50"/>' in drawn
    many = [(Span(in_ms=n, out_ms=n + 1), n % 1000, n == 5000) for n in range(100_000)]
    assert charts.score_bars(many, 100_000).count("<rect") <= charts.MOST_BARS
    assert charts.score_bars(many, 100_000).count("chosen") == 1


def test_marks_that_touch_are_one() -> None:
    spans = [Span(in_ms=n * 10, out_ms=n * 10 + 1) for n in range(3)]
    assert charts.marks(spans, 100_000, "voice").count("<rect") == 1
    assert charts.marks(spans, 100, "voice").count("<rect") == 3


def test_the_timeline_places_clips_in_percent() -> None:
    job = documents()
    (mark,) = timeline(job, job.plan.clips).clips
    assert (mark.left, mark.width, mark.times) == ("11.11%", "22.22%", "0:10 to 0:30")
    assert percent(1, 3) == "33.33%"
    texts = [tick.text for tick in timeline(job, ()).ticks]
    assert texts == ["0:00", "0:15", "0:30", "0:45", "1:00", "1:15"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (wording.decimal(-14_050, 1000, 1), "-14.0"),
        (wording.decimal(-4, 100, 1), "0.0"),
        (wording.decimal(99_960, 1000, 1), "100.0"),
        (wording.seconds(119_999), "120.0 s"),
        (wording.seconds(120_000), "2 min"),
        (wording.seconds(200_400), "3 min 20 s"),
        (wording.moment(3_723_000), "1:02:03"),
        (wording.moment(63_000), "1:03"),
        (wording.rate(META.video.rate), "29.97"),
        (wording.size_of(999), "999 bytes"),
        (wording.size_of(4_200_000), "4.2 MB"),
        (wording.count(1, "clip"), "1 clip"),
        (wording.step_of("render-clip_01"), "Rendering (clip_01)"),
        (wording.language_of("de"), "German"),
        (wording.language_of("cy"), "cy"),
        (wording.called("a-new_check", {}), "A new check"),
    ],
)
def test_words(said: str, expected: str) -> None:
    assert said == expected
