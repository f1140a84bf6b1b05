"""Scripts without spaces break between their words, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.caption.breaks import Limits
from steps.caption.cues import build_cues
from steps.model.phrases import join
from steps.model.segments import segments
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.steps.caption.samples import look


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("今日はとても良い天気です。", "今日は とても 良い 天気です。"),
        ("我一生中最大的错误", "我一生中最大的 错误"),
        ("人工智能正在改变我们的生活方式", "人工智能 正在 改变 我们的 生活 方式"),
        ("机器学习有什么区别", "机器 学习有 什么区别"),
        ("台灣的夜市小吃非常有名", "台灣的 夜市 小吃 非常有名"),
        ("ในชีวิตของฉัน", "ใน ชีวิต ของ ฉัน"),
        ("iPhoneで", "iPhoneで"),
        ("well-known", "well-known"),
        ("1日\u0e341", "1日\u0e341"),
        ("오늘은", "오늘은"),
    ],
)
def test_where_a_line_may_break(text: str, parts: str) -> None:
    assert segments(text) == parts.split()


@given(st.text("今日はとても良い天気aB1 我的错误ในชีวิต。、!?", min_size=1, max_size=30))
def test_segments_are_the_text(text: str) -> None:
    found = segments(text)
    assert "".join(found) == text
    assert join(found) == text


def test_a_long_sentence_without_spaces_is_lit_word_by_word() -> None:
    text = "今日はとても良い天気ですね明日も晴れます"
    word = Word(in_ms=0, out_ms=4000, text=text)
    drawn = look(text=text, language="ja")
    cues = build_cues([word], Span(in_ms=0, out_ms=5000), Limits(), drawn.fill)
    rows = [
        join(word.text for word in cue.words if word.line == line)
        for cue in cues
        for line in (0, 1)
    ]
    assert "".join(rows) == text
    assert not any(row.startswith(("気", "い", "れ", "す")) for row in rows)
    lit = [word for cue in cues for word in cue.words]
    assert len(lit) >= 4
    assert all(word.out_ms - word.in_ms >= 250 for word in lit)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["我说", "“你好”", "他说"], "我说“你好”他说"),
        (["(今日)", "「はい」"], "(今日)「はい」"),
        (["我用", "“Python”", "写"], "我用 “Python” 写"),
        (["so", "“yes”", "no"], "so “yes” no"),
        (["오늘은", "좋네요"], "오늘은 좋네요"),
    ],
)
def test_quotes_put_no_space_into_a_script_without_spaces(words: list[str], line: str) -> None:
    assert join(words) == line
