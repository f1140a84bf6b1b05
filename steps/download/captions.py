"""Which of the captions that came with the source become `captions.vtt`."""

from __future__ import annotations

from steps.contract import Context
from steps.contract.errors import UnsupportedMedia
from steps.download import DownloadParams
from steps.download.facts import CaptionSource
from steps.download.fetching import Original
from steps.download.remux import embedded_arguments
from steps.download.subtitles import (
    SourceCaptions,
    best_embedded,
    in_language,
    read_sidecar,
    to_webvtt,
)
from steps.formats import webvtt
from steps.media import ffmpeg
from steps.media.opening import input_arguments
from steps.media.streams import Media
from steps.model import artifacts
from steps.model.languages import plain_language

OTHERWISE = "; speech recognition gives the words"

AHEAD_MS = 86_400_000
"""ffmpeg moves all cues where one begins before 0: it writes them a day later."""


def extract_captions(
    context: Context[DownloadParams], original: Original, media: Media, shift: int
) -> CaptionSource:
    """Write captions.vtt from the creator's file, a sidecar or a stream inside, if there is one.

    Their times count from the start of the file, and `shift` (ms) from there to the first picture.
    The language that the user asked for wins. If none is in it, or none can be read, the step
    reports that and goes on without captions.
    """
    found: CaptionSource = "creator" if original.is_creators else "sidecar"
    chosen, by_ms = _beside(context, original, media), shift
    if chosen is None:
        found = "embedded"
        chosen, by_ms = _inside(context, original, media, shift), -AHEAD_MS
    if chosen is None:
        return "none"
    text = webvtt.moved(chosen.text, by_ms)
    context.output(artifacts.SUBTITLES).write_text(text, encoding="utf-8")
    return found


def asked_language(context: Context[DownloadParams]) -> str:
    """The language that the user named, or empty."""
    return plain_language(context.params.language)


def _spoken(original: Original, media: Media) -> str:
    """The language of the speech as the source states it, or empty."""
    audio = media.best_audio
    return plain_language(original.language or (audio.language if audio else ""))


def _beside(
    context: Context[DownloadParams], original: Original, media: Media
) -> SourceCaptions | None:
    """The best of the files that came with the video, or None."""
    asked = asked_language(context)
    readable: list[SourceCaptions] = []
    for path in original.subtitles:
        try:
            found = read_sidecar(path, original.path, asked)
        except UnsupportedMedia as error:
            context.degrade("captions-unreadable", f"{error}{OTHERWISE}")
            continue
        if found.language == (asked or _spoken(original, media)) != "":
            return found
        readable.append(found)
    if asked:
        unknown = next((found for found in readable if not found.language), None)
        if unknown is None and readable:
            _report_other(context, [found.language for found in readable])
        return unknown
    languages = sorted({found.language for found in readable})
    if len(languages) > 1:
        named = " and ".join(repr(language or "unknown") for language in languages)
        context.degrade(
            "captions-ambiguous",
            f"the caption files next to the video are in {named}, and nothing states which is"
            f" spoken: say so with --language{OTHERWISE}",
        )
        return None
    return readable[0] if readable else None


def _inside(
    context: Context[DownloadParams], original: Original, media: Media, shift: int
) -> SourceCaptions | None:
    """The best subtitle stream of the file, or None."""
    asked = asked_language(context)
    spoken = asked or _spoken(original, media)
    stream = best_embedded(media.subtitles, spoken, asked=bool(asked))
    if stream is None:
        return None
    raw = context.scratch / "embedded.vtt"
    arguments = input_arguments(original.path, media.container)
    try:
        ffmpeg.run(embedded_arguments(arguments, shift + AHEAD_MS, stream.index, raw))
        text = to_webvtt(raw.read_text("utf-8", "replace"), "the subtitle stream", ".vtt")
    except UnsupportedMedia as error:
        context.degrade("captions-unreadable", f"{error}{OTHERWISE}")
        return None
    found = in_language(text, plain_language(stream.language), asked)
    if asked and found.language not in ("", asked):
        _report_other(context, [found.language])
        return None
    return found


def _report_other(context: Context[DownloadParams], languages: list[str]) -> None:
    named = " and ".join(repr(language) for language in sorted(set(languages)))
    context.degrade(
        "captions-other-language",
        f"the captions that came with the source are in {named}, not in"
        f" {asked_language(context)!r}{OTHERWISE}",
    )
