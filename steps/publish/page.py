"""report.html: a job on one page that needs no network and no script.

The page is the same bytes for the same documents, wherever it is made. What a run took differs
from run to run, so it is on the page only if asked for, and publish never asks.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from steps.contract.receipt import RunRecord
from steps.model.manifest import Manifest, TaskRecord
from steps.model.run import Run
from steps.publish import charts, wording
from steps.publish.asked import asked_in_words, asked_options
from steps.publish.clip_views import clip_view
from steps.publish.documents import JobDocuments
from steps.publish.rendition_views import FileLink
from steps.publish.source_frames import pictures
from steps.publish.timeline import percent, timeline
from steps.publish.wording import called, count, decimal, moment, rate, seconds, size_of

TEMPLATES = ("report.html", "clip.html", "timeline.html", "details.html")
Price = Callable[[float, float], float]
"""Of processor seconds and GPU seconds, in any currency."""
MOST_FINDINGS = 200
"""Shown of a moderated source; the document has all."""
EDIT_LISTS = {
    "clips.edl": "CMX 3600",
    "clips.otio": "OpenTimelineIO",
    "clips.fcpxml": "Final Cut Pro, Resolve",
    "clips.xml": "Premiere, Resolve",
}


def page(
    job: JobDocuments, manifest: Manifest, run: Run | None = None, price: Price | None = None
) -> bytes:
    """The report.

    Args:
        job: the documents.
        manifest: the outcome, the files and the fallbacks; its other fields do not matter.
        run: what the run took, to be shown at the end.
        price: of processor and GPU seconds, where it is known.
    """
    delivered = job.delivered(manifest)
    known = {item.path: item for item in manifest.artifacts}
    shown = pictures(known, job.moderation)
    script, style = _asset("report.js"), _asset("report.css")
    text = (
        _environment()
        .get_template("report.html")
        .render(
            policy=_policy(script),
            script=Markup(script),
            style=Markup(style),
            words=wording,
            meta=job.meta,
            title=job.meta.title or "Your clips",
            facts=_facts(job),
            outcome=manifest.outcome,
            said=wording.OUTCOMES[manifest.outcome],
            reason=manifest.reason or job.plan.reason,
            planned=len(job.plan.clips),
            method=job.plan.method,
            chosen=called(job.plan.method, wording.METHODS),
            asked=asked_options(manifest.tasks),
            wish=asked_in_words(manifest.tasks),
            summary=job.summary,
            fallbacks=_fallbacks(manifest),
            missing=manifest.missing,
            timeline=timeline(job, [clip for clip, _ in delivered]),
            clips=[clip_view(job, clip, made, known, shown) for clip, made in delivered],
            burned=bool(job.captions and job.captions.burned),
            moderation=_moderation(job),
            strip=shown.strip(job.meta.duration_ms),
            engines=_engines(manifest.tasks),
            models=manifest.models,
            version=manifest.clipmill,
            edits=[
                FileLink(path, name, size_of(known[path].size_bytes))
                for path, name in EDIT_LISTS.items()
                if path in known
            ],
            run=_run(run, price) if run else None,
        )
    )
    return text.encode()


def _policy(script: str) -> str:
    """The page's own Content-Security-Policy: our script by its hash, files beside the page."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' file:; "
        f"media-src 'self' file:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )


@cache
def _asset(name: str) -> str:
    return files("steps.publish").joinpath("template", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=DictLoader({name: _asset(name) for name in TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _facts(job: JobDocuments) -> list[tuple[str, str]]:
    meta = job.meta
    video = meta.video
    speed = f"{rate(video.rate)} frames a second"
    facts = [
        ("Length", seconds(meta.duration_ms)),
        ("Picture", f"{video.size.width_px} × {video.size.height_px}"),
        ("Rate", f"{speed}, variable" if video.variable_rate else speed),
        ("Sound", "none" if meta.audio is None else count(meta.audio.channels, "channel")),
    ]
    if meta.uploader:
        facts.append(("By", meta.uploader))
    language = meta.language or (job.transcript.language if job.transcript else "")
    if language:
        facts.append(("Language", wording.language_of(language)))
    return facts


def _fallbacks(manifest: Manifest) -> list[tuple[str, list[str]]]:
    """Each fallback once, with the words for the steps that took it."""
    found: dict[str, list[str]] = {}
    for item in manifest.degradations:
        found.setdefault(item.message, []).append(wording.step_of(item.task))
    return sorted(found.items(), key=lambda item: (item[1], item[0]))


def _engines(tasks: Sequence[TaskRecord]) -> list[tuple[str, str]]:
    """The engines of each step, in the order of the steps."""
    found: dict[str, set[str]] = {}
    for task in tasks:
        found.setdefault(task.step, set()).update(one.name for one in task.engines)
    place = {step: number for number, step in enumerate(wording.STEPS)}
    known = sorted(found, key=lambda step: (place.get(step, len(place)), step))
    return [
        (called(step, wording.STEPS), ", ".join(sorted(found[step])))
        for step in known
        if found[step]
    ]


def _moderation(job: JobDocuments) -> dict[str, Any] | None:
    if job.moderation is None:
        return None
    size = job.meta.video.size
    return {
        "verdict": wording.VERDICTS[job.moderation.verdict],
        "flagged": job.moderation.verdict == "flagged",
        "frames": job.moderation.frames,
        "count": len(job.moderation.findings),
        "findings": [
            {
                "time": moment(one.time_ms),
                "label": called(one.label.lower(), {}),
                "score": decimal(one.score, 10, 0),
                "action": one.action,
                "evidence": one.evidence,
                "picture": charts.evidence(one.box, size),
            }
            for one in job.moderation.findings[:MOST_FINDINGS]
        ],
    }


def _run(run: Run, price: Price | None) -> dict[str, Any]:
    """What each task took; the widest bar is the longest task."""
    longest = max((task.wall_ms for task in run.tasks), default=1)

    def priced(tasks: Sequence[RunRecord]) -> str:
        spent = (sum(task.cpu_ms for task in tasks), sum(task.gpu_ms for task in tasks))
        return f"{price(*(amount / 1000 for amount in spent)):.4f}" if price else ""

    return {
        "executor": run.executor,
        "has_gpu": any(task.gpu for task in run.tasks),
        "price": priced(run.tasks),
        "total": seconds(sum(task.wall_ms for task in run.tasks)),
        "tasks": [
            {
                "name": wording.step_of(task.task),
                "wall": f"{decimal(task.wall_ms, 1000, 1)} s",
                "width": percent(task.wall_ms, longest),
                "cpu": f"{decimal(task.cpu_ms, 1000, 1)} s",
                "memory": f"{decimal(task.peak_memory_bytes, 1 << 20, 0)} MiB",
                "gpu": task.gpu,
                "gpu_memory": f"{decimal(task.peak_gpu_memory_bytes, 1 << 20, 0)} MiB",
                "price": priced([task]),
                "cached": task.cache_hit,
                "failed": task.exit_code != 0,
            }
            for task in run.tasks
        ],
    }
