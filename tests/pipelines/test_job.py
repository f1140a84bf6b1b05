"""What a job is called when nobody says."""

import pytest

from pipelines.job import check_id, default_id


@pytest.mark.parametrize(
    ("source", "begins"),
    [
        ("/films/My Talk (final).mp4", "my-talk-final-"),
        ("https://example.com/a/talk.mp4?X-Amz-Signature=abc", "talk-"),
        ("https://user:secret@example.com", "example-"),
        ("/films/日本.mp4", "job-"),
        (f"/films/{'long-' * 20}.mp4", "long-long-"),
    ],
)
def test_an_id_says_the_source_and_no_secret(source: str, begins: str) -> None:
    found = default_id({"source": source})
    assert check_id(found).startswith(begins)
    assert "secret" not in found
    assert default_id({"source": source}) == found != default_id({"source": source, "clips": "2"})
