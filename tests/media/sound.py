"""The sound of a scene: recordings laid at their times, a room's faint noise, music; its words."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from tests.media.scene import Scene, Sound
from tests.media.truth import Word

SPEECH = Path(__file__).parent / "speech"
SILENCE_MS = 600
"""A gap between two words counts as silence from this length."""
ROOM_LEVEL = 10 ** (-66 / 20)
SPEECH_PEAK = 0.5
Samples = NDArray[np.float32]


@cache
def recordings() -> dict[str, Any]:
    """Return `speech/words.json`: per recording its voice, duration_ms and words."""
    found: dict[str, Any] = json.loads((SPEECH / "words.json").read_text(encoding="utf-8"))
    return found


@cache
def _speech(name: str, rate_hz: int) -> Samples:
    """Decode a recording, exactly as long as words.json says, with its peak at SPEECH_PEAK."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(SPEECH / f"{name}.opus")]
    command += ["-ac", "1", "-ar", str(rate_hz), "-f", "f32le", "pipe:1"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    length = recordings()[name]["duration_ms"] * rate_hz // 1000
    samples = np.zeros(length, np.float32)
    decoded = np.frombuffer(raw, np.float32)[:length]
    samples[: len(decoded)] = decoded
    samples *= SPEECH_PEAK / np.abs(samples).max()
    return samples


def words(scene: Scene) -> tuple[Word, ...]:
    """Return every word of the scene in order of time."""
    said = (
        Word(text=text, in_ms=span[0], out_ms=span[1], person=line.person)
        for line in sorted(scene.lines, key=lambda line: line.at_ms)
        for text, a, b in recordings()[line.recording]["words"]
        if (span := line.shifted(a, b))
    )
    return tuple(sorted(said, key=lambda word: word.in_ms))


def silences(scene: Scene) -> tuple[tuple[int, int], ...]:
    """Return the spans without a word that last SILENCE_MS or longer."""
    edges = [(0, 0), *((w.in_ms, w.out_ms) for w in words(scene)), (scene.length_ms,) * 2]
    ends = accumulate((out_ms for _, out_ms in edges), max)  # two may speak at once
    gaps = [(end, after[0]) for end, (_, after) in zip(ends, pairwise(edges), strict=False)]
    return tuple(gap for gap in gaps if gap[1] - gap[0] >= SILENCE_MS)


def _voices(scene: Scene, rate_hz: int) -> dict[str, Samples]:
    length = scene.length_ms * rate_hz // 1000
    tracks: dict[str, Samples] = {}
    for line in scene.lines:
        track = tracks.setdefault(line.person, np.zeros(length, np.float32))
        start = line.at_ms * rate_hz // 1000
        part = _speech(line.recording, rate_hz)
        if line.part_ms:
            first, last = (ms * rate_hz // 1000 for ms in line.part_ms)
            part = part[first:last]
        if start + len(part) > length:
            raise ValueError(f"{scene.name}: {line.recording} ends after the film")
        track[start : start + len(part)] += part
    return tracks


def openness(scene: Scene, fps: float, frames: int) -> dict[str, NDArray[np.float64]]:
    """Return per person how far the mouth is open (0 to 1) at every frame: how loud they are."""
    rate_hz = 16_000
    result = {}
    for person, track in _voices(scene, rate_hz).items():
        hop = rate_hz // 100
        loud = np.sqrt((track[: len(track) // hop * hop].reshape(-1, hop) ** 2).mean(axis=1))
        smooth = np.convolve(loud, np.hanning(9) / np.hanning(9).sum(), mode="same")
        at = np.minimum((np.arange(frames) / fps * 100).astype(int), len(smooth) - 1)
        full = np.percentile(loud[loud > ROOM_LEVEL], 90)
        result[person] = np.clip(smooth[at] / full, 0, 1) ** 0.8
    return result


def chords(length: int, rate_hz: int) -> Samples:
    """Four slow chords, round and round."""
    t = np.arange(length) / rate_hz
    tune = np.zeros(length)
    for n, chord in enumerate(((220, 277.2, 329.6), (174.6, 220, 261.6), (196, 246.9, 293.7))):
        on = np.clip(np.sin(2 * np.pi * (t / 6 - n / 3)) * 2, 0, 1)
        for hz in chord:
            tune += on * (np.sin(2 * np.pi * hz * t) + 0.3 * np.sin(4 * np.pi * hz * t))
    return np.asarray(tune / np.abs(tune).max(), np.float32)


def mix(scene: Scene, sound: Sound) -> Samples:
    """Return the scene's sound, shape (samples, channels), in ffmpeg's channel order."""
    rate_hz, length = sound.rate_hz, scene.length_ms * sound.rate_hz // 1000
    speech = sum(_voices(scene, rate_hz).values(), np.zeros(length, np.float32))
    dice = np.random.default_rng(5)
    room = (dice.standard_normal(length) * ROOM_LEVEL).astype(np.float32)
    music = sound.music * 0.25 * chords(length, rate_hz) if sound.music else np.float32(0)
    if sound.layout == "mono":
        return np.asarray(speech + room + music)[:, None]
    if sound.layout == "stereo":
        return np.repeat(np.asarray(speech + room + music)[:, None], 2, axis=1)
    if sound.layout != "5.1":
        raise ValueError(f"unknown layout {sound.layout!r}")
    ambience = room + 0.04 * chords(length, rate_hz)
    channels = [ambience + music, ambience + music, speech + room, 0.2 * ambience]
    return np.stack([*channels, 0.5 * ambience, 0.5 * ambience], axis=1).astype(np.float32)
