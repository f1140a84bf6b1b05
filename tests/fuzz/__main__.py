"""`python -m tests.fuzz`: run seeded cases through the steps and report what must not happen."""

from __future__ import annotations

import argparse
import functools
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz import documents, films, media
from tests.fuzz.trial import LIMIT_S, ROOT, Outcome, run_step

SAMPLE = ROOT / "tests/media/sample/talk.mp4"
ADDRESS_SPACE_BYTES = 24 * 10**9
"""A step that asks for more than this fails, instead of taking the machine down."""

Case = tuple[str, int]
Outcomes = tuple[str, list[Outcome]]


def main(argv: list[str] | None = None) -> int:
    """Run the cases; 0 when no step ended with a bug, hung, or took too much memory."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "media", "documents"), default="all")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other cases")
    parser.add_argument("--count", type=int, default=100, help="cases of each kind")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="start with case N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="cases at a time")
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help="seconds for one step")
    parser.add_argument("--keep", type=Path, help="keep the folders of cases with a fault here")
    chosen = parser.parse_args(argv)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, most))
    kinds = ("media", "documents") if chosen.what == "all" else (chosen.what,)
    numbers = range(chosen.first, chosen.first + chosen.count)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        root = Path(name)
        run = functools.partial(run_step, limit_s=chosen.limit_s)
        faults = 0
        for kind in kinds:
            attempt = prepared(kind, chosen.seed, root, run)
            with ThreadPoolExecutor(chosen.jobs) as pool:
                for number, (about, found) in zip(numbers, pool.map(attempt, numbers), strict=True):
                    faults += report(f"{kind}:{chosen.seed}:{number}", about, found)
                    place = root / f"{kind}-{number}"
                    if chosen.keep and any(outcome.fault for outcome in found):
                        shutil.copytree(place, chosen.keep / place.name, dirs_exist_ok=True)
                    shutil.rmtree(place)
    print(f"{len(numbers) * len(kinds)} cases, {faults} with a fault")
    return 1 if faults else 0


def prepared(
    kind: str, seed: int, root: Path, run: Callable[..., Outcome]
) -> Callable[[int], Outcomes]:
    """A function that runs one case by its number, in a folder of its own under `root`."""
    if kind == "media":
        kept = root / "films"
        kept.mkdir()

        def media_case(number: int) -> Outcomes:
            folder = root / f"{kind}-{number}"
            folder.mkdir()
            case = media.film(seed, number, SAMPLE, kept, folder)
            return case.about, media.outcomes(case, folder, run)

        return media_case
    source = films.make("h264-aac.mp4", SAMPLE, root)
    job = documents.make_job(root / "job", source)

    def document_case(number: int) -> Outcomes:
        folder = root / f"{kind}-{number}"
        folder.mkdir()
        case = documents.change(seed, number, job)
        (folder / "changed.json").write_bytes(case.data)
        return case.about, documents.outcomes(case, job, folder, run)

    return document_case


def report(case: str, about: str, found: list[Outcome]) -> bool:
    """Print the rows of a case with a fault; whether it has one."""
    bad = [outcome for outcome in found if outcome.fault]
    for outcome in bad:
        print(f"{case:18} {about[:70]:70} {outcome}", flush=True)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
