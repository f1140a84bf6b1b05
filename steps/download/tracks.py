"""Which sound track of the source is the one to hear."""

from __future__ import annotations

from steps.contract import Context
from steps.contract.errors import BadInput
from steps.download import DownloadParams
from steps.media.streams import AudioStream, Media, VideoStream
from steps.model.languages import plain_language

OPTION = "--audio-track"


def chosen_track(
    context: Context[DownloadParams], media: Media, video: VideoStream
) -> AudioStream | None:
    """The sound to keep; a choice among several is reported.

    The one that `--audio-track` names; else one in the language that is asked for; else the main
    one, which is not a commentary or a description.

    Raises:
        BadInput: there is no such track.
    """
    params = context.params
    asked = params.audio_track
    if asked.isdigit():
        named = [one for one in media.audio if one.number == int(asked)]
        if not named:
            raise _no_track(asked, media)
        return named[0]
    language = plain_language(params.language if asked == "auto" else asked)
    ranked = media.sound_for(language)
    if asked != "auto" and not (ranked and plain_language(ranked[0].language) == language):
        raise _no_track(asked, media)
    if not ranked:
        return None
    best = ranked[0]
    if len(ranked) > 1 and asked == "auto":
        others = ", ".join(described(one) for one in sorted(ranked[1:], key=lambda one: one.number))
        context.degrade(
            "sound-track",
            f"took the sound track {described(best)}, not {others}: {OPTION} chooses another",
        )
    return best


def described(audio: AudioStream) -> str:
    """A track in a few words: `2 (de, 6 channels, aac 48 kHz, 'Kommentar')`."""
    parts = [
        plain_language(audio.language) or "no language",
        f"{audio.channels} channel{'s' if audio.channels > 1 else ''}",
        f"{audio.codec} {audio.sample_rate_hz / 1000:g} kHz",
        *([repr(audio.title)] if audio.title else []),
    ]
    return f"{audio.number} ({', '.join(parts)})"


def _no_track(asked: str, media: Media) -> BadInput:
    there = ", ".join(described(one) for one in media.audio) or "none"
    return BadInput(f"{OPTION} {asked}: the source has no such sound track; it has {there}")
