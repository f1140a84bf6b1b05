"""The filter graph and the command file as text."""

from fractions import Fraction
from pathlib import Path

from steps.model.geometry import Size
from steps.model.timing import Span
from steps.render.graph import Commands, DecodedPicture, build_graph
from steps.render.plan import clip_grid, frame_runs
from tests.steps.render.jobs import FULL, fit, focus, split

GOLDEN = Path(__file__).with_name("golden_graph.txt")
SIZE = Size(width_px=1920, height_px=1080)


def golden() -> str:
    """The graph of four shots, and its commands."""
    grid = clip_grid(Span(in_ms=1010, out_ms=1400), Fraction(30_000, 1001), 1001)
    shots = [
        focus(SIZE, (1010, 1100), [(1010, 300_000), (1100, 310_000)], FULL),
        fit(SIZE, (1100, 1200), FULL),
        split(SIZE, (1200, 1300), FULL),
        focus(SIZE, (1300, 1400), [(1300, 0)], FULL),
    ]
    graph, commands = build_graph(
        DecodedPicture(SIZE),
        FULL,
        grid,
        frame_runs(shots, grid),
        captions=True,
        thumbnail=(3, 5, 9),
    )
    return f"{graph}\n---\n{commands.text(grid.rate)}"


def test_golden() -> None:
    assert golden() == GOLDEN.read_text(encoding="utf-8")


def test_commands_come_half_a_frame_before_their_frame() -> None:
    moves = ((30, "crop@a", "x", 4), (30, "crop@b", "x", 8), (31, "crop@b", "x", 6))
    assert Commands(moves).text(Fraction(25)) == (
        "1.180000 crop@a x 4, crop@b x 8;\n1.220000 crop@b x 6;\n"
    )


def test_a_still_clip_needs_no_commands() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=1000), Fraction(25), 0)
    graph, commands = build_graph(
        DecodedPicture(SIZE),
        FULL,
        grid,
        frame_runs([focus(SIZE, (0, 1000), [(0, 656_000)], FULL)], grid),
        captions=False,
        thumbnail=(5, 15),
    )
    assert commands.moves == ()
    assert "sendcmd" not in graph
    assert "crop@a0_0=608:1080:656:0,scale=1080:1920" in graph


def test_pixels_that_are_not_square_are_made_so() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=1000), Fraction(25), 0)
    shots = frame_runs([fit(SIZE, (0, 1000), FULL)], grid)
    graph, _ = build_graph(
        DecodedPicture(SIZE, is_square=False), FULL, grid, shots, captions=False, thumbnail=(5, 15)
    )
    assert "scale=1920:1080:" in graph.splitlines()[1]


def test_the_blurred_background_is_taken_from_inside_the_window() -> None:
    """Else the bars above and below a wide film would come back as black clouds."""
    grid = clip_grid(Span(in_ms=0, out_ms=1000), Fraction(25), 0)
    shot = fit(Size(width_px=1920, height_px=800), (0, 1000), FULL)
    (region,) = shot.regions
    low = region.keyframes[0].model_copy(update={"y_mpx": 140_000})
    shot = shot.model_copy(update={"regions": (region.model_copy(update={"keyframes": (low,)}),)})
    graph, _ = build_graph(
        DecodedPicture(SIZE),
        FULL,
        grid,
        frame_runs([shot], grid),
        captions=False,
        thumbnail=(5, 15),
    )
    assert "crop=450:800:736:140,scale=108:192" in graph
