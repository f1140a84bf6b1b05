"""Mutants of the stages: times, geometry, the plan and the check of render."""

from tests.mutants.mutant import Mutant

TIMING = ("tests/steps/model/test_timing.py",)
PLAN = ("tests/steps/render/test_plan.py",)
CHECK = ("tests/steps/render/test_quality.py",)
RENDER = "steps/render"

MUTANTS = (
    Mutant(
        "a span holds its end",
        "steps/model", "time_ms < self.out_ms", "time_ms <= self.out_ms", TIMING,
    ),
    Mutant(
        "a span may end before it begins",
        "steps/model", "if self.out_ms < self.in_ms:", "if False:", TIMING,
    ),
    Mutant(
        "stamps are cut off, not rounded",
        "steps/model", "Fraction(frame * 1000) / rate + Fraction(1, 2)",
        "Fraction(frame * 1000) / rate", TIMING,
    ),
    Mutant(
        "a frame rate may be below zero",
        "steps/model", "if not 0 < rate <= MAX_RATE:", "if rate == 0 or rate > MAX_RATE:", TIMING,
    ),
    Mutant(
        "sizes are rounded to odd numbers",
        "steps/model", "return 2 * round(value / 2)", "return round(value)",
        ("tests/steps/model/test_geometry.py",),
    ),
    Mutant(
        "a rate of 60 is halved",
        RENDER, "while rate > HIGHEST_RATE:", "while rate >= HIGHEST_RATE:", PLAN,
    ),
    Mutant(
        "a picture that stood for long is entered at its start",
        RENDER, "shown_ms if 0 <= shown <= 1 else clip.in_ms", "shown_ms", PLAN,
    ),
    Mutant(
        "a clip has a frame too many",
        RENDER, "max(1, round((clip.out_ms - origin) * rate / 1000))",
        "max(1, round((clip.out_ms - origin) * rate / 1000) + 1)", PLAN,
    ),
    Mutant(
        "shots of other windows share a chain of filters",
        RENDER, "if found and found[-1].geometry == run.geometry:", "if found:", PLAN,
    ),
    Mutant(
        "shots of equal windows do not share a chain of filters",
        RENDER, "if found and found[-1].geometry == run.geometry:", "if False:", PLAN,
    ),
    Mutant(
        "the thumbnail shows a shot without a subject",
        RENDER, "else 2 - bool(shot.subject)", "else 2", PLAN,
    ),
    Mutant(
        "a crop window does not move between keyframes",
        "steps/model/crop.py", "if span > 0 else Fraction(0)", "if span < 0 else Fraction(0)",
        ("tests/steps/render/test_plan.py", "tests/steps/render/test_graph.py"),
    ),
    Mutant(
        "a clip with black pictures passes",
        RENDER, "black < 1 or planned.may_be_black", "True", CHECK,
    ),
    Mutant(
        "a clip that is too loud passes",
        "steps/render/file_checks.py", ", level.dbtp <= HIGHEST_DBTP", ", True", CHECK,
    ),
    Mutant(
        "sound may start before the picture",
        RENDER, "if any(start != 0 for start in starts):", "if False:", CHECK,
    ),
    Mutant(
        "the index may come last",
        RENDER, '_same(" ".join(boxes) or "neither", "moov mdat")',
        '_same("moov mdat", "moov mdat")', CHECK,
    ),
)  # fmt: skip
