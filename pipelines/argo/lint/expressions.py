"""Expressions: is a text one, and which variables does it name?

Argo reads expr-lang, and in `depends` a small part of it. Python has no parser of either, but save
for a few words their grammar is Python's own: with those exchanged, its parser is the judge.
"""

from __future__ import annotations

import ast
import re

TERM = re.compile(r"([A-Za-z][\w-]*)(?:\.([A-Za-z]+))?")
"""In a `depends`: a task, and how it ended."""

_LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
_INDEX = re.compile(r"\[\s*(['\"])([\w-]+)\1\s*\]")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[\w-]+)*(?![\w.-]*\s*\()")
_WORDS = {"matches", "startsWith", "endsWith", "contains", "in", "not", "and", "or", "true",
          "false", "nil"}  # fmt: skip

_PYTHONS = (
    (re.compile(r"&&"), " and "),
    (re.compile(r"\|\||\?\?"), " or "),
    (re.compile(r"!(?!=)"), " ~ "),
    (re.compile(r"\?\."), "."),
    (re.compile(r"\.\."), "+"),
    (re.compile(r"\$"), ""),
    (re.compile(r"#"), "x"),
    (re.compile(r"\b(matches|startsWith|endsWith|contains)\b"), " in "),
)
_CHOICE = re.compile(r"\?([^?:]*):")
_CONDITION = (ast.Expression, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Invert, ast.Name, ast.Load)


def names_in(expression: str) -> set[str]:
    """The variables of an expression: not its functions, words or literals."""
    flat = _LITERAL.sub(" ", _INDEX.sub(r".\2", expression)).replace("$env.", "")
    return {name for name in _NAME.findall(flat) if name not in _WORDS}


def is_expression(text: str) -> bool:
    """Whether operators have their operands, and brackets and quotes their ends."""
    return _tree(_LITERAL.sub(" s ", text)) is not None


def is_condition(depends: str) -> bool:
    """Whether it is made of tasks, `&&`, `||`, `!` and parentheses alone."""
    tree = _tree(TERM.sub("x", depends))
    return tree is not None and all(isinstance(node, _CONDITION) for node in ast.walk(tree))


def _tree(text: str) -> ast.Expression | None:
    for pattern, word in _PYTHONS:
        text = pattern.sub(word, text)
    while (python := _CHOICE.sub(r" if \1 else ", text)) != text:
        text = python
    try:
        return ast.parse(" ".join(text.split()), mode="eval")
    except (SyntaxError, ValueError):
        return None
