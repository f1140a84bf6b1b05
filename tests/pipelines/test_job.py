"""A job's id, and the files that its params name."""

import argparse
from pathlib import Path

import pytest

from pipelines.dag import clips_dag
from pipelines.job import Job, check_id, default_id, job_of
from steps.contract.errors import BadInput
from steps.model.weights import NOTO


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


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("my_talk", "my-talk"),
        ("Talk 1", "talk-1"),
        ("-x-", "x"),
        ("日本", "job"),
        ("a" * 64, "a" * 63),
    ],
)
def test_an_id_that_kubernetes_refuses_is_answered_with_one_that_it_takes(
    typed: str, suggested: str
) -> None:
    with pytest.raises(BadInput, match=f"try {suggested}$"):
        check_id(typed)
    assert check_id(suggested) == suggested


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a film and a file that has the name of a style."""
    monkeypatch.chdir(tmp_path)
    Path("talk.mp4").write_bytes(b"a film")
    Path("clean").write_text("not a style")
    return tmp_path


def job_with(style: str) -> Job:
    return job_of(argparse.Namespace(source="talk.mp4", job_id="", style=style), clips_dag())


@pytest.mark.parametrize(
    "style",
    ["clean", '{"active": "#00FF88"}', '  {"base": "box"}', f'{{"base":{" " * 3000}"box"}}',
     "s3://bucket/style.json"],
)  # fmt: skip
def test_a_style_that_is_no_local_file_stays_as_it_is(style: str, here: Path) -> None:
    job = job_with(style)
    assert (job.values["style"], job.files) == (style, {})


@pytest.mark.parametrize("name", ["style.json", "mine", "with space.json", "~mine"])
def test_a_style_file_is_an_input_of_the_job(name: str, here: Path) -> None:
    (here / name).write_text('{"size_px": 90}')
    job = job_with(name)
    assert job.values["style"] == str(here / name)
    assert job.files == {"style": here / name}
    (here / "other.json").write_text('{"size_px": 90}')
    assert job_with("other.json").id == job.id  # the content counts, not the place
    (here / name).write_text('{"size_px": 91}')
    assert job_with(name).id != job.id


FONT = NOTO.find() / "NotoSansGeorgian[wght].ttf"


def test_the_font_beside_a_style_is_an_input_too(here: Path) -> None:
    (here / "looks").mkdir()
    Path("looks/mine.toml").write_text('base = "clean"\nfont = "Mine.ttf"\n')
    assert "font" not in job_with("looks/mine.toml").files
    Path("looks/Mine.ttf").write_bytes(FONT.read_bytes())
    job = job_with("looks/mine.toml")
    assert job.files == {"style": here / "looks/mine.toml", "font": here / "looks/Mine.ttf"}
    assert job.values["font"] == str(here / "looks/Mine.ttf")
    Path("looks/Mine.ttf").write_bytes(b"not a font")
    with pytest.raises(BadInput, match="--font: the file is not a font"):
        job_with("looks/mine.toml")


@pytest.mark.parametrize("font", ["../Mine.ttf", "/etc/Mine.ttf", "Montserrat", "Mine.txt"])
def test_only_a_plain_name_of_a_font_is_looked_for(font: str, here: Path) -> None:
    (here / "looks").mkdir()
    for place in (here / "Mine.ttf", here / "looks/Mine.txt"):
        place.write_bytes(FONT.read_bytes())
    Path("looks/mine.toml").write_text(f'font = "{font}"\n')
    assert set(job_with("looks/mine.toml").files) == {"style"}


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("nosuch", "--style: nosuch does not exist.*bold, bounce, box"),
        ("./clean", "--style: .* is not a caption style"),
        (".", "is not a file"),
        ('{"size_px": 1}', "size_px"),
        ("ftp://x/style.json", "ftp:// is not fetched"),
    ],
)
def test_a_style_that_is_no_use_is_refused_before_anything_runs(
    style: str, says: str, here: Path
) -> None:
    with pytest.raises(BadInput, match=says):
        job_with(style)
