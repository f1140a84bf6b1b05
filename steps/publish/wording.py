"""The report's words: times, amounts, and what steps, layouts and checks are called. Pure."""

from __future__ import annotations

from fractions import Fraction

from steps.model.languages import ENGLISH_NAMES
from steps.model.timing import clock

STEPS = {
    "download": "Getting the source",
    "transcribe": "Listening",
    "moderate": "Checking the pictures",
    "highlight": "Choosing the clips",
    "cut": "Cutting",
    "detect": "Looking at the pictures",
    "reframe": "Framing",
    "caption": "Captioning",
    "render": "Rendering",
    "publish": "Publishing",
}

METHODS = {
    "scorer": "by words and sound",
    "llm": "by a language model",
    "position": "by place and sound: there is no speech",
    "given": "at the times that were asked for",
}

CRITERIA = {
    "audio": "Lively sound",
    "edges": "Clean start and end",
    "ending": "Strong ending",
    "length": "Length",
    "opening": "Strong opening",
    "text": "Words that stand out",
}

OUTCOMES = {
    "complete": "All clips are ready",
    "partial": "Some clips are missing",
    "empty": "No clip was chosen",
}

VERDICTS = {
    "unchecked": "The pictures were not checked.",
    "clean": "Nothing was found.",
    "flagged": "Something was found: look before you post.",
}

CHECKS = {
    "size": "Size as asked",
    "rate": "Frame rate as planned",
    "frames": "All frames there",
    "codecs": "Codecs that every platform takes",
    "colours": "Colours of HD video",
    "key-frames": "Key frames",
    "duration": "Length as planned",
    "sync": "Sound in step",
    "fast-start": "Plays while it loads",
    "no-edit-list": "No edit list",
    "picture": "Shows a picture",
    "black": "Longest black",
    "frozen": "Longest still picture",
    "edges": "Other shots at the ends",
    "face-inside": "Face in the picture",
    "speaker-shown": "Speaker in the picture",
    "subject-gap": "Longest time without the subject",
    "reversals": "Camera turns back",
    "jitter": "Camera moves evenly",
    "captions-drawn": "Captions in the picture",
    "captions-safe": "Captions clear of the buttons",
    "captions-faces": "Captions off faces",
    "captions-texts": "Captions off other text",
    "text-size": "Captions large enough",
}

FILES = {
    ".mp4": "Video",
    ".jpg": "Thumbnail",
    ".srt": "Captions (SRT)",
    ".vtt": "Captions (WebVTT)",
    ".ass": "Captions (ASS)",
    ".txt": "Words (text)",
    ".words.json": "Words with times",
    ".json": "Measurements",
}


def called(name: str, names: dict[str, str]) -> str:
    """What people call something; an unknown name with its dashes as spaces."""
    return names.get(name) or name.replace("-", " ").replace("_", " ").capitalize()


def step_of(task: str) -> str:
    """The words for a task: those of its step, and the clip that it worked on."""
    step, _, clip = task.partition("-")
    return f"{called(step, STEPS)} ({clip})" if clip else called(step, STEPS)


def language_of(code: str) -> str:
    """`English` for `en`; the code itself where it is rare."""
    names = {short: name for name, short in ENGLISH_NAMES.items()}
    return names[code].capitalize() if code in names else code


def moment(time_ms: int) -> str:
    """`1:02:03`, or `2:03` in the first hour."""
    text = clock(time_ms).partition(".")[0]
    return text.removeprefix("00:").removeprefix("0")


def exact(time_ms: int) -> str:
    """`2:03.456`."""
    return clock(time_ms).removeprefix("00:").removeprefix("0")


def seconds(time_ms: int) -> str:
    """`38.4 s`, or `3 min 20 s` from two minutes on."""
    if time_ms < 120_000:
        return f"{decimal(time_ms, 1000, 1)} s"
    minutes, rest = divmod((time_ms + 500) // 1000, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def decimal(value: int, unit: int, places: int) -> str:
    """A whole number of small units in large ones: `decimal(38412, 1000, 1)` is `38.4`."""
    scaled = round(Fraction(abs(value) * 10**places, unit))
    whole, rest = divmod(scaled, 10**places)
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{whole}.{rest:0{places}}" if places else f"{sign}{whole}"


def rate(frames: Fraction) -> str:
    """`29.97` or `25` frames per second."""
    text = decimal(frames.numerator, frames.denominator, 3).rstrip("0").rstrip(".")
    return text if frames.denominator == 1 else decimal(frames.numerator, frames.denominator, 2)


def size_of(size_bytes: int) -> str:
    """`4.2 MB`, in powers of ten."""
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")):
        if size_bytes >= unit:
            return f"{decimal(size_bytes, unit, 1)} {name}"
    return f"{size_bytes} bytes"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 clip`, `3 clips`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
