"""What the packaged Whisper models hear, against recordings of known words.

    python -m tests.eval.hearing lateness   # how late each model puts word edges, in milliseconds
    python -m tests.eval.hearing errors     # word error rates by language, in per cent

`lateness` takes the English recordings of tests/media/speech, whose word times are the
synthesiser's own, and prints the median over all words that were heard right. `errors` takes those
and tests/media/languages.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import tomllib
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median

import regex

from steps.contract import Context
from steps.media import ffmpeg
from steps.model.weights import SILERO
from steps.transcribe import STEP, TranscribeParams, kernels
from steps.transcribe.engines.whisper_models import LATENESS_MS
from steps.transcribe.recording import Recording, detect_voice
from steps.transcribe.word_times import RawWord

MEDIA = Path(__file__).parent.parent / "media"
MODELS = ("tiny.en", "base")


@dataclass(frozen=True)
class Utterance:
    """A recording, its language, what is said, and when, if that is known."""

    path: Path
    language: str
    text: str
    starts_ms: tuple[int, ...] = ()


def utterances() -> list[Utterance]:
    """The committed recordings."""
    found = []
    for name, entry in json.loads((MEDIA / "speech" / "words.json").read_bytes()).items():
        texts, starts, _ = zip(*entry["words"], strict=True)
        path = MEDIA / "speech" / f"{name}.opus"
        found.append(Utterance(path, "en", " ".join(texts), starts))
    script = tomllib.loads((MEDIA / "languages.toml").read_text(encoding="utf-8"))
    for code, entry in script.items():
        path = MEDIA / "languages" / f"{code}.opus"
        found.append(Utterance(path, code, " ".join(entry["sentences"])))
    return found


def spelled(text: str) -> list[str]:
    """The words of a text without case, punctuation and the hyphens inside them."""
    letters = (regex.sub(r"[^\p{L}\p{M}\p{N}]", "", word) for word in text.split())
    return [word.casefold() for word in letters if word]


def errors(said: str, heard: str) -> int:
    """How many words were left out, put in or changed."""
    row = list(range(len(words := spelled(heard)) + 1))
    for at, word in enumerate(spelled(said), start=1):
        above, row[0] = row[0], at
        for other, found in enumerate(words, start=1):
            change = above + (word != found)
            above, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1, change)
    return row[-1]


def heard(utterance: Utterance, model: str) -> tuple[list[RawWord], str]:
    """The words that a model hears in its language, and the model's full name."""
    from steps.transcribe.engines.faster_whisper import load  # after `kernels.pin`

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = ["-ac", "1", "-ar", "16000", "-sample_fmt", "s16", str(folder / "a.flac")]
        ffmpeg.run(["-i", str(utterance.path), *wanted])
        params = TranscribeParams(asr_model=model, language=utterance.language)
        context = Context(STEP, params, folder, folder, folder)
        recording = Recording.decode(folder / "a.flac", folder)
        activity = detect_voice(recording, context.weights(SILERO))
        context.engine_in_use = STEP.engines["asr"].named("faster-whisper")
        found = load(context).recognize(recording, activity, utterance.language, lambda _: None)
        return found.words, found.model


def lateness() -> None:
    """Print the median by model."""
    for model in MODELS:
        late: list[int] = []
        for utterance in (one for one in utterances() if one.starts_ms):
            words, name = heard(utterance, model)
            texts = [spelled(word.text) for word in words]
            truth = [spelled(word) for word in utterance.text.split()]
            matcher = SequenceMatcher(None, [*map(str, truth)], [*map(str, texts)], autojunk=False)
            for block in matcher.get_matching_blocks():
                for at in range(block.size):
                    start = words[block.b + at].span.in_ms + LATENESS_MS.get(name, 0)
                    late.append(start - utterance.starts_ms[block.a + at])
        print(f"{name}: {median(late):+.0f} ms over {len(late)} words")


def error_rates() -> None:
    """Print the word error rate by model and language."""
    for model in MODELS:
        wrong: dict[str, int] = {}
        total: dict[str, int] = {}
        for utterance in utterances():
            code = utterance.language
            if model.endswith(".en") and code != "en":
                continue
            words, _ = heard(utterance, model)
            count = errors(utterance.text, " ".join(word.text for word in words))
            wrong[code] = wrong.get(code, 0) + count
            total[code] = total.get(code, 0) + len(spelled(utterance.text))
        for code, words_count in total.items():
            print(f"{model} {code}: {100 * wrong[code] / words_count:.1f} % of {words_count}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("lateness", "errors"))
    kernels.pin()
    {"lateness": lateness, "errors": error_rates}[parser.parse_args().what]()
