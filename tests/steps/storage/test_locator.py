from pathlib import Path

import pytest

from steps.contract.errors import BadInput
from steps.model.languages import plain_language
from steps.storage.locator import missing, parse, safe_name


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("talk.mp4", "file", "talk.mp4"),
        ("-talk.mp4", "file", "-talk.mp4"),
        ("./a:b.mp4", "file", "a:b.mp4"),
        ("~/talk.mp4", "file", "talk.mp4"),
        ("file:///a%20b/talk.mp4", "file", "talk.mp4"),
        ("file://localhost/a/my%20talk.mp4", "file", "my talk.mp4"),
        ("~.mp4", "file", "~.mp4"),
        ("~nouser/talk.mp4", "file", "talk.mp4"),
        ("https://example.org/a/talk%20one.mp4?x=1#t", "web", "talk one.mp4"),
        ("HTTP://example.org", "web", "source"),
        ("s3://bucket/a/talk.mp4", "bucket", "talk.mp4"),
        (" https://example.org/a.mp4\n", "web", "a.mp4"),
    ],
)
def test_kinds_of_source(source: str, kind: str, name: str) -> None:
    found = parse(source)
    assert (found.kind, found.file_name) == (kind, name)


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert parse("~/talk.mp4").path == tmp_path / "talk.mp4"


@pytest.mark.parametrize(
    "source",
    ["", "  ", "a\0b", "a\nb", "ftp://example.org/a", "rtmp://x/y", "concat://a", "https://",
     "https://[::1/a", "http://h:99999/", "file://other/a.mp4", "javascript://x"],
)  # fmt: skip
def test_what_is_not_fetched(source: str) -> None:
    with pytest.raises(BadInput):
        parse(source)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("talk one", "talk_one"),
        ("../../etc/passwd", "etc_passwd"),
        ("日本", "source"),
        ("-rf", "rf"),
        ("x" * 200, "x" * 80),
        ("..", "source"),
    ],
)
def test_names_are_safe(text: str, safe: str) -> None:
    assert safe_name(text) == safe


@pytest.mark.parametrize(
    ("code", "plain"),
    [("eng", "en"), ("EN", "en"), ("en-US", "en"), ("ger", "de"), ("und", ""), ("", ""),
     ("haw", "haw"), ("12", "")],
)  # fmt: skip
def test_languages(code: str, plain: str) -> None:
    assert plain_language(code) == plain


def test_spaces_at_the_ends_of_a_path_stay() -> None:
    assert parse(" talk.mp4 ").path == Path(" talk.mp4 ")
    assert parse(" https://example.com/a.mp4 ").text == "https://example.com/a.mp4"
    assert missing("talk.mp4 ") == "'talk.mp4 ' does not exist: check the path"


def test_a_name_that_is_not_utf8_is_quoted() -> None:
    with pytest.raises(BadInput, match=r"b'caf\\xe9\.mp4' is not UTF-8: rename"):
        parse("caf\udce9.mp4")
