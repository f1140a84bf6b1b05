"""Params: the scalars that change a step's result, each described and bounded once.

The argv parser, the help text, the Argo parameters and the docs are derived from the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from steps.contract.engines import Engines
from steps.contract.errors import BadInput, one_line
from steps.contract.faults import in_words
from steps.contract.ports import Port
from steps.contract.references import load

param = Field
"""Declares one parameter: `clips: int = param(3, ge=1, le=50, description="...")`."""


@dataclass(frozen=True)
class FileParam:
    """Marks a param whose text may name a file: `style: Annotated[str, FileParam(...)] = ...`.

    One of `names` wins, text that begins with `{` is JSON, anything else is a path or a URI. The
    file is an input of the job: it is copied to `port`, and its digest stands for it in receipts,
    manifests and cache keys.

    Attributes:
        port: where the job keeps the file; one of the step's outputs, optional.
        names: what is bundled under a name.
        check: `module:function` of `f(bytes)`, which raises `BadInput` for an unusable file.
        beside: `module:function` of `f(bytes) -> dict[str, str]`: other file params, and the names
            of files beside this one that they take where the user gives none.
    """

    port: Port
    names: tuple[str, ...] = ()
    check: str = ""
    beside: str = ""

    def is_place(self, text: str) -> bool:
        """Whether a param's text names a file, by a path or a URI."""
        return bool(text) and text not in self.names and not self.is_inline(text)

    @staticmethod
    def is_inline(text: str) -> bool:
        """Whether a param's text is itself what a file would hold: JSON."""
        return text.lstrip().startswith("{")


class Params(BaseModel):
    """Base of every step's parameters: `int`, `bool`, `str` and `Literal` fields only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a field that has no description, or that argv could not carry."""
        for name, info in cls.model_fields.items():
            if not info.description:
                raise TypeError(f"{cls.__name__}.{name} has no description")
            if (
                info.annotation not in (int, bool, str)
                and get_origin(info.annotation) is not Literal
            ):
                raise TypeError(f"{cls.__name__}.{name} is not an int, bool, str or Literal")

    @model_validator(mode="after")
    def _usable_texts(self) -> Self:
        """Refuse JSON that stands for a file and cannot be used, before anything runs."""
        for name, mark in self.file_params().items():
            text = str(getattr(self, name))
            if mark.check and mark.is_inline(text):
                try:
                    load(mark.check)(text.encode())
                except BadInput as error:
                    raise BadInput(f"{flag(name)}: {error}") from error
        return self

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> Self:
        """Check values that came as text or as scalars.

        Raises:
            BadInput: a value is missing, unknown or out of bounds; the line names it.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            first = error.errors()[0]
            name = flag(str(first["loc"][0])) if first["loc"] else "the options"
            message = in_words(first)
            if first["type"] == "string_pattern_mismatch":  # a pattern is for machines
                form = cls.model_fields[str(first["loc"][0])].description
                message = f"{first['input']!r} is not in the form of: {form}"
            if first["type"] == "string_unicode":
                message += ": rename the file or folder that it names"
            raise BadInput(one_line(f"{name}: {message}")) from error

    @classmethod
    def file_params(cls) -> dict[str, FileParam]:
        """The params whose text may name a file."""
        marked = {name: file_param(info) for name, info in cls.model_fields.items()}
        return {name: mark for name, mark in marked.items() if mark is not None}

    def texts(self) -> dict[str, str]:
        """Every value as the text that argv and Argo carry."""
        return {name: text(getattr(self, name)) for name in type(self).model_fields}

    def argv(self) -> list[str]:
        """Every value as `--name=value`."""
        return [f"{flag(name)}={value}" for name, value in self.texts().items()]


def file_param(info: FieldInfo) -> FileParam | None:
    """The mark of a param whose text may name a file."""
    return next((mark for mark in info.metadata if isinstance(mark, FileParam)), None)


def engines_of(info: FieldInfo) -> Engines | None:
    """The engines that a param chooses from."""
    return next((mark for mark in info.metadata if isinstance(mark, Engines)), None)


def flag(name: str) -> str:
    """The command line's spelling of a field: `max_height_px` is `--max-height-px`."""
    return "--" + name.replace("_", "-")


def text(value: object) -> str:
    """A scalar as argv carries it: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def choices(info: FieldInfo) -> tuple[str, ...]:
    """The allowed values of a `Literal`, a `bool` or a choice of engines, else nothing."""
    if info.annotation is bool:
        return ("true", "false")
    if marked := engines_of(info):
        return marked.choices
    return tuple(str(item) for item in get_args(info.annotation))


def bounds(info: FieldInfo) -> str:
    """What a field allows, for help and docs: `1 to 50`, `a|b|c`, or nothing."""
    allowed = choices(info)
    if allowed:
        return "|".join(item or '""' for item in allowed)
    lowest = next((item.ge for item in info.metadata if hasattr(item, "ge")), None)
    highest = next((item.le for item in info.metadata if hasattr(item, "le")), None)
    if lowest is None and highest is None:
        return ""
    return f"{'' if lowest is None else lowest} to {'' if highest is None else highest}".strip()
