"""How right words are, and their times, beside bare faster-whisper: the same sound and models.

Word error rate and the distance of starts and ends from the truth on the sample; and the words that
are heard in a minute each of sound in which nobody says them. The foreign speech is Spanish in a
source that states English: what is not said there in Spanish is invented.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from faster_whisper import WhisperModel

from steps.contract import Context
from steps.contract.cores import usable_cores
from steps.media import ffmpeg
from steps.media.audio import SAMPLE_RATE_HZ, as_float, samples
from steps.model import artifacts
from steps.model.transcript import Transcript
from steps.model.weights import BASE, TINY_EN
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.engines.faster_whisper import MOST_THREADS
from steps.transcribe.languages import ENGLISH
from steps.transcribe.recording import Samples
from steps.transcribe.work import run
from tests.bench.figure import Figure
from tests.bench.source import SAMPLE
from tests.eval.hearing import errors, spelled, utterances
from tests.media import sound
from tests.media.truth import Truth
from tests.steps.transcribe.jobs import meta_of

MINUTE = 60 * SAMPLE_RATE_HZ
MODELS = {"auto": TINY_EN, "base": BASE}
"""What the step is asked for, and what a bare recogniser gets for English."""
SOUND = ("-ac", "1", "-ar", "16000", "-sample_fmt", "s16", "-c:a", "flac")

Timed = tuple[str, int, int]
"""A word, when it starts and when it ends, in milliseconds."""
Hear = Callable[[Path], list[Timed]]


def measure() -> list[Figure]:
    """Every usable engine with both choices of a model, and bare faster-whisper."""
    truth = Truth.model_validate_json(SAMPLE.with_suffix(".truth.json").read_text())
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        speech = folder / "speech.flac"
        ffmpeg.run(["-i", str(SAMPLE), "-vn", *SOUND, str(speech)])
        for label, hear in hearers(folder):
            heard = hear(speech)
            found += accuracy(label, heard, truth)
            for kind, wave, said in unspoken(folder):
                path = folder / f"{kind}.flac"
                write(wave, path)
                count = invented(hear(path), said)
                most = 0 if label.startswith("step") and kind != "foreign speech" else None
                found.append(Figure(f"{label}: words in {kind}", count, "a minute", most=most))
    return found


def hearers(folder: Path) -> Iterator[tuple[str, Hear]]:
    """What hears words: the step with each engine that works here, and bare, with each model."""
    for model, weights in MODELS.items():
        for engine in STEP.engines["asr"].candidates("auto", TranscribeParams()):
            params = TranscribeParams(asr=engine.name, asr_model=model, diarizer="off")
            if not engine.lacks(params):
                yield f"step, {engine.name} {model}", lambda path, p=params: ours(path, p, folder)
        whisper = WhisperModel(
            str(weights.locate()),
            device="cpu",
            compute_type="int8",
            cpu_threads=usable_cores(MOST_THREADS),
        )
        yield f"bare {weights.name}", lambda path, whisper=whisper: bare(path, whisper)


def ours(path: Path, params: TranscribeParams, folder: Path) -> list[Timed]:
    """What the whole step makes of a sound."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        job, scratch = Path(name), Path(name) / "scratch"
        scratch.mkdir()
        (job / artifacts.AUDIO.path).symlink_to(path)
        meta = meta_of(1000 * len(samples(path)) // SAMPLE_RATE_HZ, ENGLISH)
        (job / artifacts.SOURCE_META.path).write_bytes(meta.canonical_bytes())
        run(Context(STEP, params, job, job, scratch))
        words = Transcript.from_file(job / artifacts.TRANSCRIPT.path).words
        return [(word.text, word.in_ms, word.out_ms) for word in words]


def bare(path: Path, model: WhisperModel) -> list[Timed]:
    """What faster-whisper makes of it with its own settings."""
    segments, _ = model.transcribe(as_float(samples(path)), language=ENGLISH, word_timestamps=True)
    return [
        (word.word.strip(), round(1000 * word.start), round(1000 * word.end))
        for segment in segments
        for word in segment.words or ()
    ]


def accuracy(label: str, heard: Sequence[Timed], truth: Truth) -> list[Figure]:
    """Word error rate, and how far starts and ends of the right words are from the truth."""
    text = " ".join(word.text for word in truth.words)
    wrong = errors(text, " ".join(word for word, _, _ in heard))
    said, got = ([plain(one) for one in texts] for texts in (
        [word.text for word in truth.words], [word for word, _, _ in heard]
    ))  # fmt: skip
    blocks = SequenceMatcher(None, said, got, autojunk=False).get_matching_blocks()
    pairs = [(block.a + at, block.b + at) for block in blocks for at in range(block.size)]
    found = [Figure(f"{label}: word error rate", 100 * wrong / len(spelled(text)), "%")]
    for name, distances in (
        ("start", [abs(heard[b][1] - truth.words[a].in_ms) for a, b in pairs]),
        ("end", [abs(heard[b][2] - truth.words[a].out_ms) for a, b in pairs]),
    ):
        found.append(Figure(f"{label}: {name}, median", median(distances), "ms"))
        found.append(Figure(f"{label}: {name}, p95", quantiles(distances, n=20)[-1], "ms"))
    return found


def plain(text: str) -> str:
    """A word without its case and marks."""
    return "".join(filter(str.isalnum, text.lower()))


def invented(heard: Sequence[Timed], said: str) -> int:
    """How many words are heard that are not said."""
    spoken = [plain(word) for word in said.split()]
    got = [plain(word) for word, _, _ in heard if plain(word)]
    blocks = SequenceMatcher(None, spoken, got, autojunk=False).get_matching_blocks()
    return len(got) - sum(block.size for block in blocks)


def unspoken(folder: Path) -> Iterator[tuple[str, Samples, str]]:
    """A minute of each sound, and what is said in it."""
    dice = np.random.default_rng(5)
    yield "silence", np.zeros(MINUTE, np.float32), ""
    yield "noise", np.asarray(0.03 * dice.standard_normal(MINUTE), np.float32), ""
    yield "music", np.asarray(0.3 * sound.chords(MINUTE, SAMPLE_RATE_HZ), np.float32), ""
    yield "applause", applause(dice), ""
    foreign = next(one for one in utterances() if one.language == "es" and not one.starts_ms)
    path = folder / "spanish.flac"
    ffmpeg.run(["-y", "-i", str(foreign.path), *SOUND, str(path)])
    once = as_float(samples(path))
    times = -(-MINUTE // len(once))
    yield "foreign speech", np.tile(once, times), " ".join([foreign.text] * times)


def applause(dice: np.random.Generator) -> Samples:
    """Claps of a hall: 150 a second, each 20 ms of noise that dies away."""
    clap = np.exp(-np.arange(320) / 60)
    whole = np.zeros(MINUTE + 320)
    for at in dice.integers(0, MINUTE, 60 * 150):
        whole[at : at + 320] += clap * dice.standard_normal(320) * dice.uniform(0.2, 1)
    return np.asarray(0.3 * whole[:MINUTE] / np.abs(whole).max(), np.float32)


def write(wave: Samples, path: Path) -> None:
    """Write samples at 16 kHz as FLAC."""
    raw = path.with_suffix(".s16")
    (np.clip(wave, -1, 1) * 32767).astype("<i2").tofile(raw)
    shape = ["-f", "s16le", "-ar", str(SAMPLE_RATE_HZ), "-ac", "1"]
    ffmpeg.run(["-y", *shape, "-i", str(raw), *SOUND, str(path)])
