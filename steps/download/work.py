"""The work of download: fetch the source, make source.mkv, audio.flac and the documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from steps.contract import Context
from steps.contract.receipt import file_sha256
from steps.contract.urls import without_signature
from steps.download import DownloadParams
from steps.download.captions import extract_captions
from steps.download.facts import frame_rate, source_meta
from steps.download.fetching import fetched, is_page
from steps.download.ingest import check_length, chosen_streams, recoding_of, remux
from steps.download.repair import finish_sound
from steps.download.sides import measure_sides
from steps.download.steady import SteadyFile
from steps.download.subtitles import sidecars_of, tail_of
from steps.media.probe import probe
from steps.media.scan import scan
from steps.model import artifacts
from steps.model.time_ranges import check_times
from steps.storage.locator import parse

FETCHED, REMUXED, HEARD = 50, 65, 98
"""Percent of the work that is done after each part."""


def run(context: Context[DownloadParams]) -> None:
    """Fetch within the limits, sniff, probe, remux, extract the sound and the captions."""
    locator = parse(context.params.source)
    with fetched(locator, context.params, context.scratch, _fetching(context)) as original:
        steady = SteadyFile.first_seen(original.path)
        media = probe(original.path)
        video, audio = streams = chosen_streams(original, media, context)
        media = replace(media, audio=(audio,) if audio else ())
        recoding = recoding_of(original, media, streams, context.scratch)
        source = context.output(artifacts.SOURCE)
        on_share = _share(context, FETCHED, REMUXED)
        shift = remux(context, original, media, streams, recoding, source, on_share)
        if audio:
            on_share = _share(context, REMUXED, HEARD)
            times, duration_ms, audio = finish_sound(
                context, source, audio, recoding.sound, on_share
            )
        else:
            times = scan(source)
            duration_ms = times.picture_end_ms
        check_length(media, video, duration_ms, context)
        measure_sides(context, source, audio)
        check_times(context.params.at, context.params.range, duration_ms)
        captions = extract_captions(context, original, media, shift)
        context.write(
            artifacts.SOURCE_META,
            source_meta(
                original,
                media,
                video,
                audio,
                duration_ms=duration_ms,
                rate=frame_rate(times.frame_times_ms, video.rate),
                captions=captions,
                sha256=steady.sha256(),
            ),
        )
    context.progress.report(1, 1)


def fingerprint(params: DownloadParams) -> str | None:
    """Text that changes with the source's content; None where that is unknown.

    Raises:
        StepError: a leaf, when the source may not be read.
    """
    locator = parse(params.source)
    if locator.kind == "file":
        path = locator.path
        if not path.is_file():
            return None
        video = path.absolute()
        beside = [(file_sha256(file), tail_of(file, video)) for file in sidecars_of(video)]
        return f"file:{SteadyFile.marked(video).sha256()}:{beside}"
    if locator.kind == "bucket":
        from steps.storage import locate

        store, key = locate(locator.text)
        entry = store.head(key)
        return f"s3:{entry.etag}:{entry.size_bytes}:{key}" if entry and entry.etag else None
    if is_page(locator):
        return f"page:{locator.text}"
    from steps.download.web import version_of

    version = version_of(locator.text)
    if version is None:
        return None
    address = without_signature(locator.text)
    return f"web:{version.etag}:{version.modified}:{version.length}:{address}"


def _fetching(context: Context[DownloadParams]) -> Callable[[int, int], None]:
    on_share = _share(context, 0, FETCHED)
    return lambda done, total: on_share(done / total if total else 0)


def _share(context: Context[DownloadParams], first: int, last: int) -> Callable[[float], None]:
    def on_share(share: float) -> None:
        context.progress.report(first + (last - first) * min(1.0, share), 100)

    return on_share
