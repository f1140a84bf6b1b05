"""Synthesise the committed speech with flite and write down when every word is spoken.

The only module here that needs flite (Debian: `apt-get install flite`, CMU Flite 2.2). Tests do not
run it: what it writes under `speech/` is committed. After a change of `script.toml`:

    python -m tests.media.speak

Word times are not measured: they are the synthesiser's own phone durations, read through libflite
(feature paths over the relations of an utterance).
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

HERE = Path(__file__).parent
SPEECH = HERE / "speech"
RATE_HZ = 16_000
"""What the clustergen voices of flite produce."""
STRETCH = 1.06
"""Durations against the voice's default: a little slower sounds calmer."""
PAUSE_MS = 380
"""Between two sentences of one recording: under the 0.6 s that would part two paragraphs."""
BYTES_PER_MS = RATE_HZ * 2 // 1000
SEGMENT_TOKEN = b"R:SylStructure.parent.parent.R:Token.parent"


@dataclass(frozen=True)
class Spoken:
    """PCM (s16le mono at RATE_HZ) and its words as (text, in_ms, out_ms) from its start."""

    pcm: bytes
    words: tuple[tuple[str, int, int], ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


def _libflite() -> ctypes.CDLL:
    for part in ("libflite.so.1", "libflite_usenglish.so.1", "libflite_cmulex.so.1"):
        ctypes.CDLL(part, mode=ctypes.RTLD_GLOBAL)
    lib = ctypes.CDLL("libflite.so.1")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
        ("flite_synth_text", pointer, [text, pointer]),
        ("utt_relation", pointer, [pointer, text]),
        ("utt_wave", ctypes.POINTER(_Wave), [pointer]),
        ("relation_head", pointer, [pointer]),
        ("item_next", pointer, [pointer]),
        ("path_to_item", pointer, [pointer, text]),
        ("item_feat_float", ctypes.c_float, [pointer, text]),
        ("feat_set_float", None, [pointer, text, ctypes.c_float]),
        ("delete_utterance", None, [pointer]),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    lib.flite_init()
    return lib


class Speaker:
    """One flite voice (`slt`, `rms`)."""

    def __init__(self, name: str) -> None:
        self._lib = _libflite()
        register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype, register.argtypes = ctypes.POINTER(_Voice), [ctypes.c_char_p]
        self._voice = register(None)
        self._lib.feat_set_float(self._voice.contents.features, b"duration_stretch", STRETCH)

    def say(self, sentence: str) -> Spoken:
        """Speak one sentence, without the silence the voice adds before and after it."""
        lib, words = self._lib, sentence.split()
        utterance = lib.flite_synth_text(sentence.encode(), self._voice)
        spans: list[list[int]] = []
        token = before_ms = 0
        segment = lib.relation_head(lib.utt_relation(utterance, b"Segment"))
        while segment:
            end_ms = round(lib.item_feat_float(segment, b"end") * 1000)
            owner = lib.path_to_item(segment, SEGMENT_TOKEN)  # none for a pause
            if owner and owner == token:
                spans[-1][1] = end_ms
            elif owner:
                spans.append([before_ms, end_ms])
                token = owner
            before_ms, segment = end_ms, lib.item_next(segment)
        if len(spans) != len(words):
            raise ValueError(f"{len(words)} words, {len(spans)} spoken tokens: {sentence!r}")
        wave = lib.utt_wave(utterance).contents
        pcm = ctypes.string_at(wave.samples, wave.num_samples * 2)
        lib.delete_utterance(utterance)
        start_ms, end_ms = spans[0][0], spans[-1][1]
        return Spoken(
            pcm[start_ms * BYTES_PER_MS : end_ms * BYTES_PER_MS],
            tuple(
                (word, a - start_ms, b - start_ms)
                for word, (a, b) in zip(words, spans, strict=True)
            ),
        )


def join(parts: list[Spoken], pause_ms: int = PAUSE_MS) -> Spoken:
    """Sentences one after the other with a pause between them."""
    pcm, words = b"", []
    for part in parts:
        pcm += bytes(pause_ms * BYTES_PER_MS) if pcm else b""
        start_ms = len(pcm) // BYTES_PER_MS
        words += [(text, start_ms + a, start_ms + b) for text, a, b in part.words]
        pcm += part.pcm
    return Spoken(pcm, tuple(words))


def write_opus(path: Path, pcm: bytes) -> None:
    """Store mono PCM small: the container carries the codec's delay, so times do not move."""
    source = ["-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "pipe:0"]
    codec = ["-c:a", "libopus", "-b:a", "32k", "-bitexact", str(path)]
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, *codec],
        input=pcm,
        check=True,
    )


def main() -> None:
    """Write `speech/NAME.opus` for every table of the script, and `speech/words.json`."""
    SPEECH.mkdir(exist_ok=True)
    script = tomllib.loads((HERE / "script.toml").read_text(encoding="utf-8"))
    speakers = {name: Speaker(name) for name in sorted({e["voice"] for e in script.values()})}
    lines = []
    for name, entry in script.items():
        spoken = join([speakers[entry["voice"]].say(line) for line in entry["sentences"]])
        write_opus(SPEECH / f"{name}.opus", spoken.pcm)
        record = {
            "voice": entry["voice"],
            "duration_ms": len(spoken.pcm) // BYTES_PER_MS,
            "words": spoken.words,
        }
        lines.append(f"{json.dumps(name)}: {json.dumps(record)}")
    (SPEECH / "words.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
