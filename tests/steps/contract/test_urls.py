import pytest

from steps.contract.urls import shown, without_signature


def test_a_signature_is_no_part_of_the_content() -> None:
    signed = "https://me:pw@h/a.mp4?v=2&X-Amz-Date=1&X-Amz-Signature=abc&Expires=3#t"
    assert without_signature(signed) == "https://h/a.mp4?v=2"


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("https://me:pw@h/a.mp4?v=2&X-Amz-Signature=abc", "https://h/a.mp4?v=2"),
        ("HTTPS://me:pw@h/a.mp4", "https://h/a.mp4"),
        ("https://h/a.mp4?key=abc&v=2", "https://h/a.mp4?key=***&v=2"),
        ("https://me:pw@[h/a.mp4?token=abc", "https://***@[h/a.mp4?token=***"),
        ("https://site.example/watch?v=abc", "https://site.example/watch?v=abc"),
        ("s3://bucket/what?token=a#1.mp4", "s3://bucket/what?token=a#1.mp4"),
        ("/films/talk.mp4", "/films/talk.mp4"),
        ("", ""),
    ],
)
def test_a_source_is_shown_without_what_opens_it(source: str, seen: str) -> None:
    assert shown(source) == seen
