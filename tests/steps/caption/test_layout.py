"""What the renderer draws: the right text, in the box, at the time, whatever the words are."""

import re
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.caption.fallbacks import fallbacks
from steps.caption.inks import fill_cs
from steps.caption.layout import render_ass
from steps.formats.ass import colour, escape
from steps.media import ffmpeg
from steps.model.captions import Cue, CueWord
from steps.model.geometry import Box
from steps.model.timing import Span
from steps.model.transcript import Word
from steps.model.weights import NOTO, NOTO_CJK
from tests.steps.caption.samples import CANVAS, FONT, look, spoken

GOLDEN = Path(__file__).with_name("golden_bold.ass")
RATE = 30
ALLOWED_TAGS = re.compile(
    r"\\(pos\(\d+,\d+\)|move\([\d,]+\)|[12]c&H[0-9A-F]{6}&|1a&H[0-9A-F]{2}&|kf?\d+|fs\d+|fe-1"
    r"|fscx\d+|fscy\d+|an7|bord\d+|shad\d+|p1|t\(\d+,\d+,\\fscx\d+\\fscy\d+\)|alpha&HFF&"
    r"|[134]a&H[0-9A-F]{2}&|t\(\d+,\d+,(\\[134]a&H[0-9A-F]{2}&)+\))"
)
HOSTILE = [
    "{\\fs300}BIG",
    "\\N\\n\\h",
    "}{\\pos(0,0)}",
    "\\{\\p1}m 0 0 l 1000 0",
    "{\\an7\\b1}",
    "\u202etfel",
    "{",
    "}",
    "\\",
    "{\\fnComic Sans}",
]

HINDI, CHINESE = "नमस्ते दुनिया यह है", "我一生中最大的错误"


def cues_of(words: tuple[Word, ...], style: str = "bold") -> tuple[Cue, ...]:
    drawn = look(style)
    limits = Limits(drawn.style.words_per_line, drawn.style.characters_per_line, drawn.style.lines)
    span = Span(in_ms=0, out_ms=max(word.out_ms for word in words) + 1200)
    return build_cues(words, span, limits, drawn.fill)


def golden() -> str:
    """The script of the first words; `make golden` writes it to `GOLDEN`."""
    return render_ass(cues_of(spoken()[:8]), 0, look())


def test_golden() -> None:
    assert golden() == GOLDEN.read_text(encoding="utf-8")


def test_an_independent_reader_sees_the_script() -> None:
    read = pysubs2.SSAFile.from_string(render_ass(cues_of(spoken()), 0, look()))
    info = {"PlayResX": "1080", "PlayResY": "1920", "WrapStyle": "2"}
    assert info.items() <= read.info.items()
    assert read.info["ScaledBorderAndShadow"] == "yes"
    assert read.styles["Words"].fontname == "Montserrat ExtraBold"
    said = " ".join(word.text for word in spoken()).upper()
    assert all(word in said for event in read for word in event.plaintext.split())


@pytest.mark.parametrize("reveal", ["phrase", "word"])
def test_a_phrase_is_there_from_its_first_word(reveal: str) -> None:
    words = spoken("So we start.")
    script = render_ass(cues_of(words), 0, look(f'{{"reveal": "{reveal}"}}'))
    shown = [event.plaintext for event in pysubs2.SSAFile.from_string(script)]
    whole = ["SO WE START."] * 2  # the first two words are short: they are lit together
    assert shown == (whole if reveal == "phrase" else ["SO WE", "SO WE START."])


def test_every_animation_says_the_same_words() -> None:
    for animation in ("none", "pop", "bounce", "slide", "fill", "typewriter"):
        script = render_ass(cues_of(spoken()), 0, look(f'{{"animation": "{animation}"}}'))
        for event in pysubs2.SSAFile.from_string(script):
            for block in _tags(event.text):
                assert ALLOWED_TAGS.sub("", block) == ""
        assert ("\\kf" in script) == (animation == "fill")
        assert ("\\move" in script) == (animation == "slide")


def test_the_spoken_words_of_a_box_have_no_outline() -> None:
    script = render_ass(cues_of(spoken("one day")), 0, look("box"))
    lit = [event.text for event in pysubs2.SSAFile.from_string(script) if event.layer == 1]
    assert all("\\bord0\\shad0}" in text for text in lit[:-1])


@pytest.mark.parametrize(("text", "language", "spaced"), [(HINDI, "hi", False), ("So", "en", True)])
def test_letters_that_join_are_drawn_without_spacing(
    text: str, language: str, spaced: bool
) -> None:
    drawn = look("candy", text=text, language=language)
    script = pysubs2.SSAFile.from_string(render_ass(cues_of(spoken(text), "candy"), 0, drawn))
    assert script.styles["Words"].spacing == drawn.style.letter_spacing_px > 0
    assert all(("\\fsp0" in one.text) != spaced for one in script)
    assert drawn.width_px(text, 80) == (drawn.width_px(text, 160) / 2) or spaced


def test_a_persian_word_keeps_the_letters_apart_that_do_not_join() -> None:
    text = "می\u200cرود"
    typesetter = look("clean", text=text)
    (cue,) = cues_of((Word(in_ms=0, out_ms=900, text=text),), "clean")
    ((font, part),) = typesetter.runs(typesetter.shown(cue.words[0].text))
    assert part == text
    assert font
    assert font.width(text) > font.width(text.replace("\u200c", ""))


def test_the_box_of_a_hebrew_word_is_where_the_word_is() -> None:
    text = "שלום עולם"
    drawn = look("box", text=text, language="he")
    script = pysubs2.SSAFile.from_string(render_ass(cues_of(spoken(text), "box"), 0, drawn))
    lefts = [int(re.findall(r"pos\((\d+),", one.text)[0]) for one in script if one.layer == 0]
    assert lefts[0] > lefts[1]
    assert lefts[0] > CANVAS.units.width_px // 2 - 100 > lefts[1]


@pytest.mark.parametrize(
    ("hexadecimal", "ass"),
    [("#FFD60A", "&H0AD6FF&"), ("#010203", "&H030201&"), ("#abcdef", "&HEFCDAB&")],
)
def test_colours_are_blue_green_red(hexadecimal: str, ass: str) -> None:
    assert colour(hexadecimal) == ass


def _tags(text: str) -> list[str]:
    """The override blocks of an event as libass finds them: a brace is one unless escaped."""
    return re.findall(r"(?<!\\)\{([^}]*)\}", text)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
def test_no_words_can_change_the_style(texts: list[str]) -> None:
    _assert_only_own_tags(texts)


@given(st.lists(st.text("{}\\Npfs(,)&H1 ", min_size=1, max_size=30), min_size=1, max_size=4))
def test_no_markup_can_change_the_style(texts: list[str]) -> None:
    _assert_only_own_tags(texts)


@pytest.mark.parametrize("text", HOSTILE)
def test_known_attacks_change_nothing(text: str) -> None:
    _assert_only_own_tags([text])


def _assert_only_own_tags(texts: list[str]) -> None:
    words = tuple(
        Word(in_ms=400 * place, out_ms=400 * place + 350, text=text)
        for place, text in enumerate(texts)
    )
    script = render_ass(cues_of(words), 0, look())
    events = [line for line in script.splitlines() if line.startswith("Dialogue:")]
    read = pysubs2.SSAFile.from_string(script)
    assert len(read.events) == len(events)
    for event in read:
        assert not re.search(r"\\[Nnh]", event.text)
        for block in _tags(event.text):
            assert ALLOWED_TAGS.sub("", block) == "", event.text


@given(st.text(max_size=40))
def test_escaped_text_has_no_open_brace(text: str) -> None:
    assert not re.search(r"(?<!\\)[{}]", escape(text))
    assert not re.search(r"\\[Nnh]", escape(text))


def ink(script: str, seconds: float, folder: Path, rate: int = RATE) -> dict[int, Box]:
    """The box of all ink in each frame that has any, drawn by ffmpeg over nothing."""
    fonts = folder / "fonts"
    fonts.mkdir(exist_ok=True)
    (fonts / FONT.name).write_bytes(FONT.read_bytes())
    (folder / "captions.ass").write_text(script, encoding="utf-8")
    source = f"color=black@0:s=1080x1920:r={rate}:d={seconds:.3f},format=rgba"
    drawn = "ass=f=captions.ass:fontsdir=fonts:alpha=1,alphaextract,bbox=min_val=1"
    stderr = ffmpeg.run(["-f", "lavfi", "-i", source, "-vf", drawn, "-f", "null", "-"], cwd=folder)
    found = re.findall(r"n:(\d+) .*?x1:(\d+) x2:(\d+) y1:(\d+) y2:(\d+)", stderr)
    return {
        int(n): Box.of_edges(int(x1), int(y1), int(x2) + 1, int(y2) + 1)
        for n, x1, x2, y1, y2 in found
    }


def assert_inside(boxes: dict[int, Box], safe: Box) -> None:
    assert boxes, "nothing was drawn"
    for frame, box in boxes.items():
        assert box & safe == box, f"frame {frame}: ink {box} leaves {safe}"


@pytest.mark.slow
def test_no_ink_before_its_word_nor_outside_the_box(tmp_path: Path) -> None:
    words = spoken("So we start here, with a few words. Then comes", 300)
    words += spoken("another one after a pause.", words[-1].out_ms + 2500)
    boxes = ink(render_ass(cues_of(words), 0, look()), 9, tmp_path)
    assert_inside(boxes, CANVAS.safe("any"))
    spans = [(cue.in_ms, cue.out_ms) for cue in cues_of(words)]
    for frame in boxes:
        time_ms = frame * 1000 / RATE
        assert any(start <= time_ms < end + 10 for start, end in spans), f"ink at {time_ms} ms"
    for start, end in spans:
        first, last = -(-(start + 10) * RATE // 1000), (end - 1) * RATE // 1000
        assert all(frame in boxes for frame in range(first, last)), "a cue flickers"


@pytest.mark.slow
@pytest.mark.parametrize("position", ['"top"', '"middle"', "0", "100"])
def test_every_position_is_inside(position: str, tmp_path: Path) -> None:
    drawn = look(f'{{"base": "box", "position": {position}, "outline_px": 12}}')
    cues = cues_of(spoken("ÅÉÎÕÜ gjpqy at every place, gjpqy again"))
    assert_inside(ink(render_ass(cues, 0, drawn), 3, tmp_path, rate=10), CANVAS.safe("any"))


def test_a_georgian_word_is_drawn_in_a_bundled_font(tmp_path: Path) -> None:
    text = "გამარჯობა მსოფლიო"
    drawn = look("bold", text=text, language="ka")
    assert all(drawn.draws(drawn.shown(word)) for word in text.split())
    boxes = ink(render_ass(cues_of(spoken(text)), 0, drawn), 1, tmp_path, rate=4)
    assert_inside(boxes, CANVAS.safe("any"))
    assert max(box.width_px for box in boxes.values()) > 200, "nothing but a mark was drawn"


def test_fonts_are_the_same_bytes_each_time_and_small() -> None:
    (first,) = look(text=HINDI, language="hi").fallbacks
    lacks = "".join(sorted(set(HINDI.replace(" ", ""))))
    (second,) = fallbacks(lacks, "hi", NOTO.find, NOTO_CJK.find)
    assert first.data == second.data
    assert len(first.data) < 20_000


def test_han_characters_look_as_their_language_writes_them() -> None:
    japanese, chinese = (
        look(text=CHINESE, language=language).fallbacks[0].data for language in ("ja", "zh")
    )
    assert japanese != chinese


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(HOSTILE))
def test_hostile_words_are_drawn_as_text(text: str) -> None:
    cues = cues_of((Word(in_ms=0, out_ms=900, text=text),))
    for cue in cues:
        drawn = "".join(word.text for word in cue.words)
        assert set(drawn) <= set(text)


def test_words_that_are_lit_together_are_filled_one_after_the_other() -> None:
    """Also where the second one is on the next line: its fill waits."""
    words = tuple(
        CueWord(in_ms=0, out_ms=400, text=text, line=line)
        for text, line in (("and", 0), ("then", 0), ("I", 1))
    )
    assert [fill_cs(word, words, 0) for word in words] == [(0, 15), (15, 35), (35, 40)]
    script = render_ass([Cue(in_ms=0, out_ms=400, words=words)], 0, look("karaoke"))
    fills = re.findall(r"\\(kf?\d+)", script)
    assert fills == ["kf15", "kf20", "k35", "kf5"]
