"""A small step for the tests of the contract: it copies words, and misbehaves when asked."""

import errno
import os
import signal
import sys
from pathlib import Path
from typing import Literal

from steps.contract import Context, Document, DocumentPort, Params, Port, Step, Weights, param
from steps.contract import errors as leaves


class Words(Document):
    """Words, for the tests."""

    kind: Literal["clipmill/test-words@1"] = "clipmill/test-words@1"
    words: tuple[str, ...]


class EchoParams(Params):
    """How the words are copied."""

    times: int = param(1, ge=1, le=5, description="How often, 100 % of them.")
    loud: bool = param(False, description="In capitals.")
    style: Literal["plain", "fancy"] = param("plain", description="Of the copy.")
    source_url: str = param("", max_length=100, description="Where they came from.")
    fault: str = param("", description="What goes wrong: a leaf's name or a method of `Faults`.")


HERE = "tests.steps.contract.example"
TEXT = Port("text", "words.txt", "the words")
NOTE = Port("note", "note.txt", "a note", optional=True)
WORDS: DocumentPort[Words] = DocumentPort(
    "words", "words.json", "the words, copied", reference=f"{HERE}:Words"
)
EXTRA = Port("extra", "extra.txt", "written now and then", optional=True)
PARTS = Port("parts", "parts/", "a file for each word")
UNDECLARED = Port("other", "other.txt", "of nobody")

ECHO = Step(
    name="echo",
    summary="Copy words.",
    params=EchoParams,
    reads=(TEXT, NOTE),
    writes=(WORDS, EXTRA, PARTS),
    work=f"{HERE}:run",
    locators=("source_url",),
    packages=("pydantic",),
)


class ClipParams(Params):
    """For one clip."""

    clip: str = param(pattern=r"^clip_\d{2}$", description="The clip's id.")
    level: int = param(1, ge=1, le=3, description="Of anything.")


ONE_CLIP = Step(
    name="one",
    summary="Do one clip.",
    params=ClipParams,
    reads=(TEXT,),
    writes=(Port("clip_text", "clips/{clip}.txt", "its text"),),
    work=f"{HERE}:run_one",
)


class Faults:
    """What can go wrong within a step."""

    def __init__(self, context: Context[EchoParams]) -> None:
        self.context = context

    def bug(self) -> None:
        """Not one of the leaves, and with a secret in its words."""
        raise KeyError("https://user:hunter2@host/a?X-Amz-Signature=hunter3")

    def undeclared_output(self) -> None:
        self.context.output(UNDECLARED)

    def undeclared_input(self) -> None:
        self.context.input(UNDECLARED)

    def undeclared_weights(self) -> None:
        self.context.weights(Weights(name="x"))

    def wrong_document(self) -> None:
        self.context.output(WORDS).write_text('{"kind":"clipmill/test-words@1","words":[1]}')

    def no_output(self) -> None:
        self.context.output(WORDS).unlink()

    def full_disk(self) -> None:
        with Path("/dev/full").open("wb", buffering=0) as stream:
            stream.write(b"x")

    def too_large(self) -> None:
        self.context.output(EXTRA).write_bytes(b"x" * 2_000_000)

    def no_permission(self) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere/else")

    def no_memory(self) -> None:
        raise MemoryError

    def no_memory_in_a_library(self) -> None:
        raise RuntimeError("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : std::bad_alloc")

    def too_many_files(self) -> None:
        raise OSError(errno.EMFILE, "Too many open files", "/somewhere/else")

    def read_only(self) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "/somewhere/else")

    def heap_address(self) -> None:
        raise leaves.Refused(
            "[mov @ 0x55d0c8f3a2c0] moov atom not found in <Stream object at 0x7f20d1c4>"
        )

    def hostile_words(self) -> None:
        """What a server may answer: template tags, a sign of no use, half of another one."""
        raise leaves.Refused("it said {{{=sprig.repeat(9, 'x')}}\x7f \U0001fae9é\udc80")

    def terminated(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()

    def killed(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def run(context: Context[EchoParams]) -> None:
    """Copy the words; `EXTRA` for fancy ones."""
    params = context.params
    text = context.input(TEXT).read_text().split()
    words = [word.upper() if params.loud else word for word in text * params.times]
    context.progress.report(1, 2)
    if context.has(NOTE):
        context.degrade("note", "there was a note")
        context.degrade("note", "there was a note")
    context.write(WORDS, Words(words=tuple(words)))
    if params.style == "fancy":
        context.output(EXTRA).write_text("~")
    for word in text:
        (context.output(PARTS) / f"{word}.txt").write_text(word)
    (context.scratch / "temporary").write_text("x")
    context.log.info("copied", token="hunter2", url="s3://key:hunter2@bucket/x")
    if params.fault:
        leaf = getattr(leaves, params.fault, None)
        if leaf:
            raise leaf("it went wrong:\n  do that")
        getattr(Faults(context), params.fault)()
    context.progress.report(2, 2)


def run_one(context: Context[ClipParams]) -> None:
    """Write one clip's text."""
    context.output(ONE_CLIP.writes[0]).write_text(context.clip or "")


def main(argv: list[str]) -> int:
    """The step as a command of its own, for the tests that need a process."""
    from steps.contract.command import main as command
    from steps.storage.cache import open_cache

    return command(ECHO, argv, open_cache)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
