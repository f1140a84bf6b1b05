"""Documents: the JSON artifacts in which stages meet, frozen, tagged and canonical."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, ClassVar, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, ValidationError

from steps.contract.errors import BrokenContract, one_line
from steps.contract.faults import in_words


class Value(BaseModel):
    """A frozen value inside a document; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


_LONG_NUMBER = re.compile(rb"\d{16}")
"""A number that may be too large for JSON's canonical form, which ends at 2^53."""


class Document(Value):
    """A JSON artifact with a kind tag, such as `clipmill/transcript@1`.

    A subclass states `kind: Literal["clipmill/NAME@VERSION"]` with that text as its default; the
    version goes up when a reader of the old shape could misread the new one. Documents hold
    integers and text, never floats, so that their canonical bytes (RFC 8785) are the same on any
    machine.
    """

    MEDIA_TYPE: ClassVar[str] = "application/json"

    kind: str

    def canonical_bytes(self) -> bytes:
        """The RFC 8785 form: sorted keys, no white space, UTF-8."""
        return rfc8785.dumps(self.model_dump(mode="json"))

    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "") -> Self:
        """Parse and check a document.

        Raises:
            BrokenContract: the bytes are not JSON, or not of this kind and shape.
        """
        try:
            document = cls.model_validate_json(data)
            if _LONG_NUMBER.search(data):
                document.canonical_bytes()
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole"
            what = f"{where}: {in_words(first)}"
        except rfc8785.CanonicalizationError as error:
            what = f"the whole: {error}"
        else:
            return document
        raise BrokenContract(one_line(f"{name or cls.__name__} is not a valid {cls.tag()}: {what}"))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read and check a document file; raises as `from_bytes` does."""
        return cls.from_bytes(path.read_bytes(), path.name)

    @classmethod
    def tag(cls) -> str:
        """The kind tag of this class."""
        return str(cls.model_fields["kind"].default)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON schema, derived from the declaration; docs/schemas has the committed copy."""
        schema = cls.model_json_schema(mode="serialization")
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        return schema
