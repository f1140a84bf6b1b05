"""The work of caption: cues for every clip, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from steps.caption import CaptionParams
from steps.caption.cues import build_cues
from steps.caption.emoji_words import decorated
from steps.caption.layout import render_ass
from steps.caption.material import Material, material_of
from steps.caption.overlays import overlays, title_cards
from steps.caption.placement import placed_cues
from steps.caption.sidecars import said_in, sidecars
from steps.caption.translation import doubled
from steps.caption.typesetting import Typesetter
from steps.contract import Context
from steps.contract.errors import OverLimit
from steps.model import artifacts
from steps.model.canvas import Canvas
from steps.model.captions import MAX_CUES, Captions, ClipCaptions
from steps.model.clips import Clip
from steps.model.crop import Crops, ShotCrop
from steps.model.phrases import graphemes, key_words
from steps.model.profanity import to_silence
from steps.model.transcript import Transcript

MOST_NAMED = 20
"""Characters in a message."""


def run(context: Context[CaptionParams]) -> None:
    """Write captions.json, and .ass, .srt, .vtt, .txt and .words.json of each clip and aspect."""
    material = material_of(context)
    burned = _burned(context, material.heard)
    context.write(
        artifacts.CAPTIONS, _captions(context, material, context.read(artifacts.CROPS), "", burned)
    )
    for path in sorted(context.input(artifacts.MORE_CROPS).glob("*.json")):
        crops, further = Crops.from_file(path), path.stem
        captions = _captions(context, material, crops, f"_{further}", burned)
        place = context.output(artifacts.MORE_CAPTIONS) / f"{further}.json"
        place.write_bytes(captions.canonical_bytes())


def _burned(context: Context[CaptionParams], heard: Transcript) -> bool:
    """Whether the captions are drawn into the picture."""
    if context.params.captions != "burn":
        return False
    if heard.doubtful:
        context.degrade(
            "captions-not-burned",
            "most words are doubtful (transcribe says why): the clips are without captions, and the"
            " .srt and .vtt files have them",
        )
        return False
    return True


def _captions(
    context: Context[CaptionParams], material: Material, crops: Crops, ending: str, burned: bool
) -> Captions:
    """The captions in one aspect, and their files; `ending` is that of the renditions' ids."""
    canvas = Canvas(crops.output)
    plain = Typesetter(
        material.style,
        material.found.metrics,
        canvas,
        canvas.safe(context.params.platform),
        material.found.others,
        material.found.own,
        speakers=material.speakers,
        emoji=material.found.emoji,
        language=material.shown.language,
    )
    names = voice_names(material.speakers, context.params.speaker_names)
    shots = {clip.id: clip.shots for clip in crops.clips}
    folder = context.output(artifacts.CAPTION_FILES)
    made = []
    for clip in material.clips:
        captions, files = _of_clip(material, clip, shots.get(clip.id, ()), plain, names)
        made.append(captions)
        for suffix, content in files:
            (folder / f"{clip.id}{ending}.{suffix}").write_bytes(content)
        context.progress.report(len(made), len(material.clips))
    words = (word.text for clip in made for cue in clip.cues for word in cue.words)
    undrawn = "".join(
        sorted({one for word in words for one in graphemes(word) if not plain.draws(one)})
    )
    if undrawn:
        context.degrade(
            "caption-font",
            f"no bundled font has {undrawn[:MOST_NAMED]!r}: the picture shows the captions without"
            " them, and the .srt and .vtt files have them",
        )
    return Captions(
        language=material.shown.language,
        burned=burned,
        safe=canvas.in_pixels(plain.box),
        profanity=context.params.profanity,
        clips=tuple(made),
    )


def _of_clip(
    material: Material,
    clip: Clip,
    shots: Sequence[ShotCrop],
    plain: Typesetter,
    names: Mapping[str, str],
) -> tuple[ClipCaptions, list[tuple[str, bytes]]]:
    """The captions of a clip, and its files by their suffix."""
    style, shown = material.style, material.shown
    about = material.about.get(clip.id)
    typesetter = replace(plain, keywords=key_words(about.tags if about else ()))
    limits, cuts = shown.limits(style), [shot.in_ms for shot in shots[1:]]
    build = partial(build_cues, cuts=cuts, dashes=style.speaker_dash)
    cues = build(shown.words, clip, limits, typesetter.fill, language=shown.language)
    if shown.under:
        cues = doubled(cues, shown.under)
    if len(cues) > MAX_CUES:
        raise OverLimit(
            f"{clip.id} has {len(cues):,} cues (at most {MAX_CUES:,}): choose a shorter clip"
        )
    written = cues
    if shown.written:
        target = shown.written_in
        written = build(shown.written, clip, limits, typesetter.fill, language=target)
    if style.emoji == "keywords":
        cues = decorated(cues, shown.language, typesetter.fill, typesetter.keywords)
    cues = placed_cues(cues, shots, typesetter)
    hook = material.hooks.get(clip.id, "")
    others = overlays(hook, clip.duration_ms, typesetter, cues, clip.in_ms, shots)
    script = render_ass(cues, clip.in_ms, typesetter, others)
    said = said_in(material.transcript.words, clip)
    files = sidecars(clip, written, said, names, material.transcript.language)
    captions = ClipCaptions(
        id=clip.id,
        cues=cues,
        swearing=to_silence(material.heard.words, material.swearing, clip),
        titles=title_cards(material.titles.get(clip.id, ""), typesetter),
    )
    return captions, [("ass", script.encode()), *files]


def voice_names(speakers: Sequence[str], given: str) -> dict[str, str]:
    """The name to show for each speaker, in order of appearance.

    Args:
        speakers: of the source, in order of appearance.
        given: names with commas between them; who has none is `Speaker N`.

    Returns:
        Nothing for a single voice without a name: it needs no tag.
    """
    names = [name.strip() for name in given.split(",")] if given.strip() else []
    if len(speakers) < 2 and not names:
        return {}
    shown = dict(zip(speakers, names, strict=False))
    return {
        speaker: shown.get(speaker) or f"Speaker {number}"
        for number, speaker in enumerate(speakers, start=1)
    }
