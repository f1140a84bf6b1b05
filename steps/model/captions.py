"""captions.json: the cues of every clip, before a format is chosen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from steps.contract import Document, Value, param
from steps.model.clips import MAX_CLIPS, ClipId
from steps.model.geometry import Box
from steps.model.timing import Span
from steps.model.transcript import MAX_WORD_CHARACTERS, MAX_WORDS, Name

MAX_CUES = 100_000
"""Of one clip, each of a hundredth of a second: a quarter of an hour."""
MAX_CUE_WORDS = 100
MAX_CUE_WORD_CHARACTERS = 500


Profanity = Literal["keep", "star", "mute", "beep"]
"""Leave swear words, star them in all that people read, and silence or cover them in the sound."""


def profanity_param() -> Any:
    """The param `profanity`: highlight stars titles and other texts, caption what is said."""
    return param(
        "keep",
        description="Swear words: leave them; star them in captions, titles and other texts (s***);"
        " or silence them or cover them with a tone too.",
    )


class CueWord(Span):
    """A word on screen and the time in which it is the spoken one.

    Attributes:
        line: 0 for the first line of its cue.
        translated: it is shown under the words that are spoken, and is never lit.
    """

    text: Annotated[str, Field(max_length=MAX_CUE_WORD_CHARACTERS)]
    line: Annotated[int, Field(ge=0, le=1)]
    translated: bool = False

    def is_lit(self, state_ms: int) -> bool:
        """Whether it is the spoken word in the state of its cue that begins then."""
        return self.in_ms == state_ms and not self.translated


class Cue(Span):
    """One caption on screen, on the source's clock; word states fill it without gaps.

    Attributes:
        speaker: who says it, as the transcript calls them; empty where nobody was told apart.
        height: where it is moved to, off the faces, in percent of the safe box's height from the
            top; absent where the style's own position is kept.
    """

    speaker: Name = ""
    height: Annotated[int, Field(ge=0, le=100)] | None = None
    words: Annotated[tuple[CueWord, ...], Field(min_length=1, max_length=MAX_CUE_WORDS)]


class ClipWord(Span):
    """A word of a clip as it is spoken, on the clip's clock."""

    text: Annotated[str, Field(max_length=MAX_WORD_CHARACTERS)]
    speaker: Name = ""


class ClipWords(Document):
    """clips/clip_01.words.json: the words of a clip with their times, for other tools."""

    kind: Literal["clipmill/clip-words@1"] = "clipmill/clip-words@1"
    id: ClipId
    language: Name
    words: Annotated[tuple[ClipWord, ...], Field(max_length=MAX_WORDS)]


class ClipCaptions(Value):
    """The cues of one clip, in order, not overlapping.

    Attributes:
        swearing: when each masked swear word is heard, a little wider, on the source's clock.
        titles: .ass scripts that draw the title on the thumbnail: at the top of the safe box, and
            at its bottom; none where nobody asked.
    """

    id: ClipId
    cues: Annotated[tuple[Cue, ...], Field(max_length=MAX_CUES)]
    swearing: Annotated[tuple[Span, ...], Field(max_length=MAX_CUES)] = ()
    titles: Annotated[tuple[str, ...], Field(max_length=2)] = ()


class Captions(Document):
    """All cues.

    Attributes:
        language: of what is shown; of the first line where there are two languages.
        burned: whether render draws them into the picture.
        safe: the part of the picture that no platform's buttons cover, in pixels of the clip.
        profanity: what is done about swear words; `mute` and `beep` are for the sound too.
    """

    kind: Literal["clipmill/captions@1"] = "clipmill/captions@1"
    language: Name
    burned: bool
    profanity: Profanity = "keep"
    safe: Box | None = None
    clips: Annotated[tuple[ClipCaptions, ...], Field(max_length=MAX_CLIPS)]
