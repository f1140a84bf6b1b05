"""Which sound track of the source is the one to hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from steps.contract import Context
from steps.contract.errors import BadInput, UnsupportedMedia
from steps.download import DownloadParams
from steps.media import ffmpeg
from steps.media.channels import (
    Powers,
    Sound,
    is_silent,
    measured,
    measuring_arguments,
    take_turns,
)
from steps.media.opening import input_arguments
from steps.media.packets import longest_hole_ms
from steps.media.streams import AudioStream, Media
from steps.model.languages import plain_language

OPTION = "--audio-track"

JUMPING = ("mpegts",)
"""Containers whose clock may jump: their stated length counts the jumps."""

MOST_APART_MS = 60_000
"""Tracks of one recording start together. ffmpeg also holds the silence that joins a later one in
memory, 11 MB for this time."""


def chosen_track(context: Context[DownloadParams], path: Path, media: Media) -> AudioStream | None:
    """The sound to keep; a choice among several is reported.

    The one that `--audio-track` names; else one in the language that is asked for; else the main
    one, which is not a commentary or a description. Of equal ones the first that is not silent;
    recorders of several microphones write a track of one channel for each, and these are mixed.

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
    audible = _audible(context, path, media, ranked, language)
    heard = [one for one, _ in audible]
    best = heard[0] if heard else ranked[0]
    if asked != "auto" or len(ranked) == 1:
        return best
    if media.container.demuxer not in JUMPING and _are_microphones(path, audible):
        mixed = ", ".join(described(one) for one in heard)
        context.degrade(
            "sound-track",
            f"mixed the sound tracks {mixed}, as of one microphone each: {OPTION} takes only one",
        )
        return replace(best, mixed_with=tuple(one.index for one in heard[1:]))
    rest = sorted((one for one in ranked if one is not best), key=lambda one: one.number)
    others = ", ".join(described(one) for one in rest)
    context.degrade(
        "sound-track",
        f"took the sound track {described(best)}, not {others}: {OPTION} chooses another",
    )
    return best


def _are_microphones(path: Path, audible: Sequence[tuple[AudioStream, Powers]]) -> bool:
    """Whether tracks are one recording: of one channel each, and nothing tells them apart.

    Titles may, where people take turns: they are names.
    """
    heard = [one for one, _ in audible]
    kinds = {(one.channels, one.language, one.sample_rate_hz, one.is_dub) for one in heard}
    if len(heard) < 2 or len(kinds) > 1 or heard[0].channels != 1:
        return False
    if any(one.title for one in heard) and not take_turns([powers for _, powers in audible]):
        return False
    return longest_hole_ms(path, [one.index for one in heard]) <= MOST_APART_MS


def _audible(
    context: Context[DownloadParams],
    path: Path,
    media: Media,
    ranked: Sequence[AudioStream],
    language: str,
) -> list[tuple[AudioStream, Powers]]:
    """Those that are not silent, of those that are as good as the first; it, where it is alone.

    Each with its powers, of `media.channels`, unless it is alone.
    """

    def kind(one: AudioStream) -> tuple[bool, bool]:
        return one.is_special, plain_language(one.language) == language

    peers = [one for one in ranked if kind(one) == kind(ranked[0])]
    if len(peers) == 1:
        return [(peers[0], np.zeros((0, 1, 1)))]
    opening, raw = input_arguments(path, media.container), context.scratch / "track.pcm"
    found = []
    for one in peers:
        sound = Sound.of(one.layout, one.channel_names)
        arguments = measuring_arguments(opening, str(one.index), media.duration_ms, sound, raw)
        try:
            ffmpeg.run(arguments)
        except UnsupportedMedia:  # a codec that ffmpeg cannot decode
            continue
        powers = measured(raw, sound)
        if not is_silent(powers):
            found.append((one, powers))
        if one.channels > 1 and found:
            break
    return found


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
