"""The work of download: fetch the source, make source.mkv, audio.flac and the documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from steps.contract import Context
from steps.download import DownloadParams
from steps.download.captions import extract_captions
from steps.download.facts import frame_rate, source_meta
from steps.download.fetching import fetched
from steps.download.ingest import (
    check_length,
    chosen_streams,
    in_one,
    recoding_of,
    remux,
)
from steps.download.repair import finish_sound
from steps.download.sides import measure_sides
from steps.download.steady import SteadyFile
from steps.download.tracks import JUMPING
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
        streams = chosen_streams(original, media, context)
        if media.container.demuxer in JUMPING:
            original, media, streams = in_one(original, media, streams, context.scratch)
        video, audio = streams
        media = replace(media, audio=(audio,) if audio else ())
        recoding = recoding_of(original, media, streams, context.scratch)
        source = context.output(artifacts.SOURCE)
        on_share = _share(context, FETCHED, REMUXED)
        shift = remux(context, original, media, streams, recoding, source, on_share)
        if audio:
            on_share = _share(context, REMUXED, HEARD)
            times, duration_ms, audio = finish_sound(context, source, audio, recoding, on_share)
        else:
            times = scan(source, recoding.most_ms)
            duration_ms = times.picture_end_ms
        check_length(media, video, recoding, duration_ms, context)
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
                before_ms=max(0, -shift),
                rate=frame_rate(times.frame_times_ms, video.rate),
                captions=captions,
                sha256=steady.sha256(),
            ),
        )
    context.progress.report(1, 1)


def _fetching(context: Context[DownloadParams]) -> Callable[[int, int], None]:
    on_share = _share(context, 0, FETCHED)
    return lambda done, total: on_share(done / total if total else 0)


def _share(context: Context[DownloadParams], first: int, last: int) -> Callable[[float], None]:
    def on_share(share: float) -> None:
        context.progress.report(first + (last - first) * min(1.0, share), 100)

    return on_share
