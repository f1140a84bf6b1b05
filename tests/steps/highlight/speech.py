"""Words with times for tests, from plain text: every word takes a fixed time, `|` is a pause."""

from __future__ import annotations

import json
import random
import tomllib
from functools import cache
from pathlib import Path

from steps.model.phrases import ends_clause, ends_sentence
from steps.model.transcript import Transcript, Word

WORD_MS, GAP_MS, PAUSE_MS = 300, 50, 1000
TALKS = ("interview", "lecture", "standup", "tutorial_de")
"""Made transcripts in `talks/`, five minutes each, as people speak."""


def words(text: str, start_ms: int = 0) -> list[Word]:
    """`one two. | three` gives three words with a long pause before the last."""
    found, now_ms = [], start_ms
    for part in text.split():
        if part == "|":
            now_ms += PAUSE_MS
            continue
        found.append(Word(text=part, in_ms=now_ms, out_ms=now_ms + WORD_MS))
        now_ms += WORD_MS + GAP_MS
    return found


@cache
def talk(name: str) -> Transcript:
    """A made transcript: longer words take longer, commas and full stops pause, and so do turns."""
    head, *lines = (Path(__file__).parent / "talks" / f"{name}.txt").read_text().splitlines()
    voices = sorted({line.partition(":")[0] for line in lines})
    found: list[Word] = []
    now_ms = 800
    for line in lines:
        voice, _, text = line.partition(": ")
        speaker = f"speaker_{voices.index(voice) + 1}"
        for part in text.split():
            if part == "|":
                now_ms += 900
                continue
            spoken_ms = 110 + 42 * len(part)
            word = Word(text=part, in_ms=now_ms, out_ms=now_ms + spoken_ms, speaker=speaker)
            found.append(word)
            pause_ms = 380 if ends_sentence(part) else 160 if ends_clause(part) else 20
            now_ms += spoken_ms + pause_ms + 7 * (len(part) % 5)
        now_ms += 250
    return Transcript(
        engine="captions",
        language=head.removeprefix("language: "),
        duration_ms=now_ms + 1000,
        words=tuple(found),
    )


def uttered(name: str, pace: float, seed: int = 0) -> tuple[list[Word], set[int]]:
    """A short talk without marks and capitals, and where its sentences begin but the first.

    People pause for half a second at most full stops, for less at commas, and sometimes where
    nothing asks for it; `pace` stretches these pauses, and 0 makes all alike.
    """
    chance = random.Random(seed)
    found, begins, now_ms = [], set(), 500
    for text in short_talks()[name].split():
        spoken_ms = 110 + 42 * len(text)
        bare = text.strip('.,;:!?…"¿').lower()
        found.append(Word(text=bare, in_ms=now_ms, out_ms=now_ms + spoken_ms))
        pause_ms = chance.uniform(0, 60)
        if ends_sentence(text):
            begins.add(len(found))
            if chance.random() > 0.12:
                pause_ms = chance.lognormvariate(6.2, 0.6)
        elif ends_clause(text):
            pause_ms = chance.lognormvariate(5.2, 0.7)
        elif chance.random() < 0.04:
            pause_ms = chance.lognormvariate(5.7, 0.6)
        now_ms += spoken_ms + (round(pace * pause_ms) if pace else 20)
    return found, begins - {len(found)}


@cache
def short_talks() -> dict[str, str]:
    """Talks of a minute, by their names."""
    return tomllib.loads((Path(__file__).parent / "talks" / "short.toml").read_text("utf-8"))


def unpunctuated(spoken: Transcript) -> Transcript:
    """The same as automatic captions give it: lower case, no punctuation."""
    bare = [
        word.model_copy(update={"text": word.text.strip('.,;:!?…"').lower() or word.text})
        for word in spoken.words
    ]
    return spoken.model_copy(update={"words": tuple(bare)})


@cache
def sample() -> Transcript:
    """The words of the committed sample, at their true times."""
    truth = json.loads((Path(__file__).parents[2] / "media/sample/talk.truth.json").read_bytes())
    found = [
        Word(**{name: word[name] for name in ("text", "in_ms", "out_ms")})
        for word in truth["words"]
    ]
    return Transcript(
        engine="captions", language="en", duration_ms=truth["duration_ms"], words=tuple(found)
    )
