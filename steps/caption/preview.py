"""A picture of a caption style, drawn as render draws it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.faces import Bundled, faces
from steps.caption.layout import MOVE_MS, render_ass
from steps.caption.metrics import read_metrics
from steps.caption.overlays import overlays
from steps.caption.styles import Style
from steps.caption.text import clean
from steps.caption.typesetting import Typesetter
from steps.contract.errors import BadInput, UnsupportedMedia
from steps.formats.written import language_of
from steps.media import ffmpeg
from steps.model.canvas import Canvas
from steps.model.phrases import bare_word
from steps.model.segments import segments
from steps.model.timing import Span
from steps.model.transcript import Word
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK, TWEMOJI

SAMPLE_TEXT = "The biggest mistake of my life"
SAMPLE_HOOK = "Nobody tells you this about starting over"
SPEAKER = "speaker_1"
WORD_MS = 600
CANVAS = Canvas.of("9:16", 1080)
BACKDROP = (
    "gradients=s=1080x1920:c0=0x34466b:c1=0xc2a67e:x0=0:y0=0:x1=1080:y1=1920:d=1:nb_colors=2:seed=1"
)
"""What stands for the video: dark above, bright below."""


def preview(
    style: Style,
    into: Path,
    *,
    text: str = SAMPLE_TEXT,
    language: str = "",
    frame: Path | None = None,
    view: str = "",
) -> None:
    """Draw the longest cue of a text while its middle word is spoken.

    Args:
        style: how it looks.
        into: the picture to write; its suffix is the format (.png, .jpg).
        text: what is said.
        language: of the text (ISO 639-1); without it, what the text seems to be written in.
        frame: a picture to draw on; it is cropped to 9:16.
        view: more filters of ffmpeg after the captions.

    Raises:
        BadInput: the text has no word, or the picture cannot be read.
    """
    font = Path(MONTSERRAT.find())
    metrics = read_metrics(font)
    bundled = Bundled(metrics, NOTO.find, NOTO_CJK.find, TWEMOJI.find)
    language = language or language_of(text)
    found = faces([text], language, bundled)
    parts = text.split()
    key = bare_word(max(parts, key=len, default=""))
    parts = [piece for part in parts for piece in segments(clean(part))]
    typesetter = Typesetter(
        style,
        metrics,
        CANVAS,
        CANVAS.safe("any"),
        found.others,
        emoji=found.emoji,
        keywords=frozenset({key}),
        speakers=(SPEAKER,),
        language=language,
    )
    limits = Limits(style.words_per_line, style.characters_per_line, style.lines)
    words = tuple(
        Word(in_ms=WORD_MS * place, out_ms=WORD_MS * (place + 1), text=part, speaker=SPEAKER)
        for place, part in enumerate(parts)
    )
    clip = Span(in_ms=0, out_ms=WORD_MS * max(1, len(words)))
    cues = build_cues(words, clip, limits, typesetter.fill, language=language)
    if not cues:
        raise BadInput(f"--text {text!r} has no words to show: give some")
    cue = max(cues, key=lambda cue: sum(len(word.text) for word in cue.words))
    spoken = cue.words[len(cue.words) // 2]
    at_ms = max(cue.in_ms + 2 * MOVE_MS, (spoken.in_ms + spoken.out_ms) // 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fonts").mkdir()
        shutil.copy(font, folder / "fonts")
        others = overlays(SAMPLE_HOOK, clip.out_ms, typesetter, cues)
        script = render_ass(cues, 0, typesetter, others)
        (folder / "captions.ass").write_text(script, encoding="utf-8")
        source = ["-i", f"file:{frame.absolute()}"] if frame else ["-f", "lavfi", "-i", BACKDROP]
        fit = "scale=1080:1920:force_original_aspect_ratio=increase,crop=1080:1920,format=rgb24,"
        late = f"trim=end_frame=1,setpts={at_ms / 1000}/TB,"
        drawn = f"{fit if frame else ''}{late}ass=f=captions.ass:fontsdir=fonts{view and ','}{view}"
        try:
            ffmpeg.run(
                [*source, "-vf", drawn, "-frames:v", "1", "-update", "1", "-q:v", "3",
                 f"file:{into.absolute()}"],
                cwd=folder,
            )  # fmt: skip
        except UnsupportedMedia as error:
            raise BadInput(f"no preview could be drawn: {error}") from error
