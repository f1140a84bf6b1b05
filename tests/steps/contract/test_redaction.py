"""What is never shown: secrets in any spelling, and characters that fool a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.redaction import hidden, is_secret, is_signature, one_line, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://me:pw@host/a?b=1", "https://***@host/a?b=1"),
        ("https://user:p@ss@host/a", "https://***@host/a"),
        ("https://user:p/a@s#s@host/a", "https://***@host/a"),
        ("s3://key:secret@bucket/x and ftp://u@h", "s3://***@bucket/x and ftp://***@h"),
        (
            "https://h/a?X-Amz-Credential=AK%2F1&X-Amz-Signature=0f&t=5",
            "https://h/a?X-Amz-Credential=***&X-Amz-Signature=***&t=5",
        ),
        ("https://h/a?X-Goog-Signature=0f&v=1", "https://h/a?X-Goog-Signature=***&v=1"),
        ("https://h/a?sig=abc", "https://h/a?sig=***"),
        ("https://h/a?access_token=abc&v=1", "https://h/a?access_token=***&v=1"),
        ("https://h/a#id_token=abc", "https://h/a#id_token=***"),
        ("https://h/a?b=1&api_key=abc'", "https://h/a?b=1&api_key=***'"),
        (
            "https://h/login?next=https%3A%2F%2Fh%3Faccess_token%3Dabc%26v%3D1",
            "https://h/login?next=https%3A%2F%2Fh%3Faccess_token%3D***%26v%3D1",
        ),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("authorization: Basic YWJj", "authorization: Basic ***"),
        ("Set-Cookie: sid=abc", "Set-Cookie: ***"),
        ('{"access_token": "abc", "v": 1}', '{"access_token": "***", "v": 1}'),
        ("password=hunter2", "password=***"),
    ],
)
def test_a_secret_is_blanked(text: str, expected: str) -> None:
    assert hidden(text) == expected
    assert hidden(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://host/@channel/video",
        "https://host:8080/a@b",
        "me@example.org",
        "[0:v]crop=1080:1920,ass=x.ass",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        "no token: set CLIPMILL_TOKEN",
        "https://site.example/watch?v=abc&t=5&author=me",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert hidden(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a title\x07after", "after"),
        ("\x1b]8;;https://evil\x1b\\link", "link"),
        ("\x9b31mred", "red"),
        ("\x1b(0lines", "lines"),
        ("\x1b[2J\x1b[H\x08\x00", ""),
        ("left\u202eright\u2066", "leftright"),
        ("half \ud83e of one", "half ? of one"),
        ("two\nlines\tstay", "two\nlines\tstay"),
        ("👩\u200d💻 é क्\u200dष", "👩\u200d💻 é क्\u200dष"),
    ],
)
def test_what_fools_a_terminal_is_removed(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(st.text(alphabet=st.characters(codec=None)))
def test_one_line_is_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in line)
    line.encode()
    assert len(line) <= 400


def test_one_line_leaves_out_what_differs_from_run_to_run() -> None:
    text = "[mov,mp4 @ 0x55d0c8f3a2c0] moov atom not found in <Reader object at 0x7f20d1c4>"
    assert one_line(text) == "[mov,mp4] moov atom not found in <Reader object>"


def test_one_line_shows_no_secret() -> None:
    assert (
        one_line("https://h/?access_token=\x1b[0mabc\n&v=1") == "https://h/?access_token=*** &v=1"
    )


@pytest.mark.parametrize(
    ("name", "secret", "signature"),
    [
        ("Authorization", True, True),
        ("aws_secret_access_key", True, True),
        ("token", True, True),
        ("X-Goog-Date", False, True),
        ("Expires", False, True),
        ("sv", False, True),
        ("key", False, False),
        ("code", False, False),
        ("tokens", False, False),
        ("author", False, False),
    ],
)
def test_names(name: str, secret: bool, signature: bool) -> None:
    assert (is_secret(name), is_signature(name)) == (secret, signature)
