"""What the report and the edit lists are made of: the documents of one job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from steps.contract import Document, DocumentPort
from steps.contract.errors import BadInput, BrokenContract, one_line
from steps.contract.faults import in_words
from steps.contract.ports import clip_of
from steps.model import artifacts
from steps.model.captions import Captions, ClipCaptions
from steps.model.clips import Chunks, Clip, Clips, ClipSummary, RenditionId, Summary
from steps.model.crop import ClipCrops, Crops
from steps.model.manifest import Delivered, Manifest
from steps.model.moderation import Moderation
from steps.model.profanity import masked_document
from steps.model.render_check import RenderCheck
from steps.model.source import SourceMeta
from steps.model.tracks import ClipTracks, Tracks
from steps.model.transcript import Transcript

Reader = Callable[[str], bytes | None]
"""Gives the bytes of a job's file, or None where there is no such file."""

D = TypeVar("D", bound=Document)
C = TypeVar("C", ClipSummary, ClipTracks, ClipCrops, ClipCaptions)

OLD_CHECK = "clips/{}.check.json"
"""Where jobs of clipmill before 0.2 keep what was measured."""


@dataclass(frozen=True)
class JobDocuments:
    """The documents of a job; all but the first two may be absent from an old one.

    Attributes:
        meta: the source.
        plan: the clips that were chosen.
        renditions: the ids of each clip in each aspect.
        checks: what was measured, by the rendition's id.
    """

    meta: SourceMeta
    plan: Clips
    renditions: tuple[str, ...] = ()
    summary: Summary | None = None
    chunks: Chunks | None = None
    transcript: Transcript | None = None
    moderation: Moderation | None = None
    tracks: Tracks | None = None
    crops: Crops | None = None
    captions: Captions | None = None
    checks: dict[str, RenderCheck] = field(default_factory=dict)

    def about(self, clip: str) -> ClipSummary | None:
        """What a clip is about."""
        return _of(clip, self.summary.clips if self.summary else ())

    def seen(self, clip: str) -> ClipTracks | None:
        """What is seen in a clip."""
        return _of(clip, self.tracks.clips if self.tracks else ())

    def crop(self, clip: str) -> ClipCrops | None:
        """The crop plan of a clip."""
        return _of(clip, self.crops.clips if self.crops else ())

    def cues(self, clip: str) -> ClipCaptions | None:
        """The captions of a clip."""
        return _of(clip, self.captions.clips if self.captions else ())

    @property
    def masked_words(self) -> dict[str, int]:
        """How many swear words are masked in each clip."""
        return {one.id: len(one.swearing) for one in self.captions.clips} if self.captions else {}

    def delivered(self, manifest: Manifest) -> list[tuple[Clip, list[Delivered]]]:
        """The rendered clips in order of time, each with what was made of it, the main first."""
        made: dict[str, list[Delivered]] = {}
        for one in manifest.clips:
            made.setdefault(clip_of(one.id), []).append(one)
        clips = sorted(self.plan.clips, key=lambda clip: (clip.in_ms, clip.id))
        return [(clip, made[clip.id]) for clip in clips if clip.id in made]


def read_documents(read: Reader) -> JobDocuments:
    """Read the documents of a job.

    Raises:
        BadInput: the place holds no job.
        BrokenContract: a document is damaged.
    """
    meta = _read(read, artifacts.SOURCE_META)
    plan = _read(read, artifacts.CLIPS)
    if meta is None or plan is None:
        lacking = artifacts.SOURCE_META.path if meta is None else artifacts.CLIPS.path
        raise BadInput(
            f"there is no {lacking}: give the folder or s3:// prefix of a job with clips"
        )
    ids = _read_ids(read) or tuple(clip.id for clip in plan.clips)
    found = JobDocuments(
        meta,
        plan,
        ids,
        summary=_read(read, artifacts.SUMMARY),
        chunks=_read(read, artifacts.CHUNKS),
        transcript=_read(read, artifacts.TRANSCRIPT),
        moderation=_read(read, artifacts.MODERATION),
        tracks=_read(read, artifacts.TRACKS),
        crops=_read(read, artifacts.CROPS),
        captions=_read(read, artifacts.CAPTIONS),
        checks={name: check for name in ids if (check := _read_check(read, name))},
    )
    return masked(found) if found.captions and found.captions.profanity != "keep" else found


def masked(job: JobDocuments) -> JobDocuments:
    """The documents with the swear words starred in all texts that people read.

    Highlight stars its own documents; those of an earlier version and the source's title are left.
    """
    captions, summary = job.captions, job.summary
    languages = {
        captions.language if captions else "",
        job.transcript.language if job.transcript else "",
        *(summary.languages if summary else ()),
    }
    return replace(
        job,
        meta=masked_document(job.meta, languages),
        plan=masked_document(job.plan, languages),
        summary=summary and masked_document(summary, languages),
        chunks=job.chunks and masked_document(job.chunks, languages),
    )


def _of(clip: str, among: tuple[C, ...]) -> C | None:
    return next((one for one in among if one.id == clip), None)


def _read(read: Reader, port: DocumentPort[D]) -> D | None:
    data = read(port.path)
    return None if data is None else port.document.from_bytes(data, port.path)


def _read_ids(read: Reader) -> tuple[str, ...]:
    """The ids of what there is to render; none where a job has no list of them."""
    data = read(artifacts.CLIP_IDS.path)
    try:
        return TypeAdapter(tuple[RenditionId, ...]).validate_json(data or b"[]")
    except ValidationError as error:
        why = one_line(in_words(error.errors()[0]))
        raise BrokenContract(f"{artifacts.CLIP_IDS.path} is not a list of ids: {why}") from error


def _read_check(read: Reader, clip: str) -> RenderCheck | None:
    path = str(artifacts.CLIP_CHECK.resolve(clip))
    for name in (path, OLD_CHECK.format(clip)):
        if (data := read(name)) is not None:
            return RenderCheck.from_bytes(data, name)
    return None
