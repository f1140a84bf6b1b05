"""Every look of captions on every script: their ink, measured, and a contact sheet of each script.

    python -m tests.eval.captions --out sheets          every preset, platform and script
    python -m tests.eval.captions --out sheets --only ja

All cases of a script are drawn by one ffmpeg, one after the other on one clock.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pysubs2

from steps.caption import PRESET_NAMES
from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.layout import WORDS, render_ass
from steps.caption.placement import block_px
from steps.caption.typesetting import Typesetter
from steps.media import ffmpeg
from steps.model.canvas import SAFE_BOXES
from steps.model.captions import Cue
from steps.model.geometry import Box
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.steps.caption.samples import FONT, look

TEXTS = {
    "en": "Ågjpqy@|Ǻ WWWWWWWWWWWW MMMMMMMMMMMMMMMMMMMM {\\fs300} $43,000!",
    "ru": "Самая большая ошибка Ёж",
    "el": "Το μεγαλύτερο λάθος ψΆ",  # noqa: RUF001
    "he": "הטעות הגדולה שָׁלוֹם בחיי",
    "ar": "أكبر خطأ في حياتي، شُكْراً",
    "hi": "मेरी ज़िंदगी की सबसे बड़ी ग़लती",
    "bn": "আমার জীবনের সবচেয়ে বড় ভুল",
    "th": "ความผิดพลาดที่ใหญ่ที่สุดครั้งนี้",
    "zh": "我一生中最大的错误，真的。",  # noqa: RUF001
    "zh-Hant": "我一生中最大的錯誤，真的。",  # noqa: RUF001
    "ja": "人生で最大の間違いでした。",
    "ko": "내 인생의 가장 큰 실수",
}
"""A phrase for each script, with marks above and below the letters; in Latin the widest ones."""
PLATFORMS = tuple(SAFE_BOXES)
WORD_MS, REST_MS = 400, 200
"""Of each word, and between two cases."""
RATE = 10
SHRINK = 4
"""Pictures are this much smaller than the canvas: 270 x 480."""
SIDE_BEARING = 0.16
"""In ems: by how much ink may be narrower or wider than the advances of its glyphs."""
HALF_EMPTY = ("，", "。", "、")  # noqa: RUF001
"""Marks with ink in the left half of their square."""
_BOX = re.compile(r"n:(\d+) .*?x1:(\d+) x2:(\d+) y1:(\d+) y2:(\d+)")


@dataclass(frozen=True)
class Case:
    """A preset on a platform with the phrase of a script."""

    preset: str
    platform: str
    script: str

    def __str__(self) -> str:
        """Its name in messages."""
        return f"{self.preset}, {self.platform}, {self.script}"


@dataclass(frozen=True)
class Drawn:
    """A case on the clock of its script's film.

    Attributes:
        cues: on their own clock, from 0.
        begins_ms: of the case, on the film's clock.
    """

    case: Case
    typesetter: Typesetter
    cues: Sequence[Cue]
    begins_ms: int

    @property
    def ends_ms(self) -> int:
        """When the next case may begin."""
        return self.begins_ms + self.cues[-1].out_ms + REST_MS


def pairs() -> list[Case]:
    """Cases with every pair of preset, platform and script."""
    return [
        Case(preset, PLATFORMS[(place + number) % len(PLATFORMS)], script)
        for number, script in enumerate(TEXTS)
        for place, preset in enumerate(PRESET_NAMES)
    ]


def every() -> list[Case]:
    """All cases."""
    return [
        Case(preset, platform, script)
        for script in TEXTS
        for preset in PRESET_NAMES
        for platform in PLATFORMS
    ]


def laid_out(cases: Sequence[Case]) -> list[Drawn]:
    """The cases of one script, one after the other."""
    found: list[Drawn] = []
    for case in cases:
        text = TEXTS[case.script]
        typesetter = look(case.preset, case.platform, text, case.script)
        style = typesetter.style
        words = tuple(
            Word(in_ms=WORD_MS * place, out_ms=WORD_MS * (place + 1), text=part)
            for place, part in enumerate(text.split())
        )
        clip = Span(in_ms=0, out_ms=words[-1].out_ms + REST_MS)
        limits = Limits(style.words_per_line, style.characters_per_line, style.lines)
        cues = build_cues(words, clip, limits, typesetter.fill)
        begins_ms = found[-1].ends_ms if found else 0
        found.append(Drawn(case, typesetter, cues, -(-begins_ms * RATE // 1000) * 1000 // RATE))
    return found


def film(cases: Sequence[Drawn]) -> str:
    """One script that draws all cases, each in a style of its own."""
    whole: pysubs2.SSAFile | None = None
    for number, one in enumerate(cases):
        script = pysubs2.SSAFile.from_string(render_ass(one.cues, 0, one.typesetter))
        script.rename_style(WORDS, f"{WORDS}{number}")
        script.shift(ms=one.begins_ms)
        if whole is None:
            whole = script
        else:
            whole.import_styles(script)
            whole.events += script.events
    assert whole is not None
    return whole.to_string("ass")


def draw(cases: Sequence[Drawn], folder: Path, filters: str, *output: str) -> str:
    """Draw the film of some cases through filters; what ffmpeg says."""
    (folder / "fonts").mkdir(exist_ok=True)
    (folder / "fonts" / FONT.name).write_bytes(FONT.read_bytes())
    (folder / "captions.ass").write_text(film(cases), encoding="utf-8")
    canvas = cases[0].typesetter.canvas.units
    size = f"{canvas.width_px // SHRINK}x{canvas.height_px // SHRINK}"
    source = f"color=0x507090@0:s={size}:r={RATE}:d={cases[-1].ends_ms / 1000:.3f},format=rgba"
    drawn = f"ass=f=captions.ass:fontsdir=fonts:alpha=1,{filters}"
    return ffmpeg.run(["-f", "lavfi", "-i", source, "-vf", drawn, *output], cwd=folder)


def faults(cases: Sequence[Drawn], folder: Path) -> list[str]:
    """What is wrong with the ink of the cases of one script."""
    said = draw(cases, folder, "alphaextract,bbox=min_val=24", "-f", "null", "-")
    found = [f"{cases[0].case.script}: {line}" for line in said.splitlines() if "not found" in line]
    boxes = {
        int(n): Box.of_edges(*(int(edge) * SHRINK for edge in edges))
        for n, *edges in (
            (n, x1, y1, int(x2) + 1, int(y2) + 1) for n, x1, x2, y1, y2 in _BOX.findall(said)
        )
    }
    for one in cases:
        found += [f"{one.case}: {fault}" for fault in _faults(one, boxes)]
    return found


def _faults(one: Drawn, boxes: dict[int, Box]) -> Iterator[str]:
    safe = one.typesetter.box
    for cue in one.cues:
        shown = [
            frame
            for frame in range(1 + one.ends_ms * RATE // 1000)
            if cue.in_ms + 10 <= frame * 1000 / RATE - one.begins_ms < cue.out_ms - 10
        ]
        text = " ".join(word.text for word in cue.words)
        if missing := [frame for frame in shown if frame not in boxes]:
            yield f"{text!r} flickers: {len(missing)} of {len(shown)} frames have no ink"
            continue
        for frame in shown:
            box = boxes[frame]
            over = max(safe.x_px - box.x_px, safe.y_px - box.y_px,
                       box.right_px - safe.right_px, box.bottom_px - safe.bottom_px)  # fmt: skip
            if over >= SHRINK:
                yield f"{text!r} leaves the safe box by {over} px: {box} of {safe}"
                break
        if shown:
            yield from _misdrawn(one, cue, text, boxes[shown[-1]])


def _misdrawn(one: Drawn, cue: Cue, text: str, box: Box) -> Iterator[str]:
    """Whether the whole cue has the width that its glyphs have: none is missing, none a box."""
    left, _, right, _ = block_px(cue, one.typesetter.at(cue.height))
    style = one.typesetter.style
    allowed = SIDE_BEARING * style.size_px + style.outline_px + style.shadow_px + 2 * SHRINK
    empty = 0.5 * one.typesetter.size_px([text]) if text.endswith(HALF_EMPTY) else 0
    missing, over = right - box.right_px, box.right_px - right
    if abs(box.x_px - left) > allowed or missing > allowed + empty or over > allowed:
        yield (
            f"{text!r} is drawn from {box.x_px} to {box.right_px},"
            f" its glyphs go from {left:.0f} to {right:.0f}"
        )


def by_script(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """Cases by their script."""
    return {name: [one for one in cases if one.script == name] for name in TEXTS}


def sheet(cases: Sequence[Drawn], into: Path, folder: Path) -> None:
    """A picture of each case, in rows of ten."""
    middle = [
        (one.begins_ms + (one.cues[0].in_ms + one.cues[0].out_ms) // 2) * RATE // 1000
        for one in cases
    ]
    chosen = "+".join(f"eq(n\\,{frame})" for frame in middle)
    rows = -(-len(middle) // 10)
    filters = (
        "format=rgba,colorchannelmixer=aa=1,split[a][b];[b]lutrgb=r=80:g=112:b=144:a=255[c];"
        f"[c][a]overlay,crop=iw:ih*0.6:0:ih*0.2,select='{chosen}',tile=10x{rows}"
    )
    output = ("-frames:v", "1", "-update", "1", f"file:{into.absolute()}")
    draw(cases, folder, filters, *output)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every case; the exit code is 1 if any has a fault."""
    parser = argparse.ArgumentParser(prog="tests.eval.captions", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="Folder of the contact sheets.")
    parser.add_argument("--only", choices=list(TEXTS), help="One script.")
    chosen = parser.parse_args(argv)
    chosen.out.mkdir(parents=True, exist_ok=True)
    count, wrong = 0, []
    for script, cases in by_script(every()).items():
        if chosen.only in (None, script):
            drawn = laid_out(cases)
            with tempfile.TemporaryDirectory() as name:
                wrong += faults(drawn, Path(name))
                usual = laid_out([one for one in cases if one.platform == "any"])
                sheet(usual, chosen.out / f"{script}.png", Path(name))
            count += len(cases)
            print(f"{script}: {len(cases)} cases", flush=True)
    print("\n".join([*wrong, f"{count} cases, {len(wrong)} faults"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
