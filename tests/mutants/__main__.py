"""`python -m tests.mutants`: apply each mutant in a copy of the tree and report who notices."""

from __future__ import annotations

import argparse
import queue
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.mutants.mutant import ROOT, Mutant
from tests.mutants.table import MUTANTS
from tests.mutants.trial import Verdict, attempt, copy_tree, run_tests


def main(argv: list[str] | None = None) -> int:
    """Try the mutants; 0 when each one is killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="mutants at a time")
    parser.add_argument("--only", default="", metavar="TEXT", help="those with this in their name")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    chosen = parser.parse_args(argv)
    mutants = [mutant for mutant in MUTANTS if chosen.only in mutant.name]
    if chosen.list:
        print("\n".join(mutant.name for mutant in mutants))
        return 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        return report(mutants, Path(folder), chosen.jobs)


def report(mutants: list[Mutant], folder: Path, jobs: int, root: Path = ROOT) -> int:
    """Try mutants side by side, each worker in its own copy of the tree; print a line each."""
    copies: queue.Queue[Path] = queue.Queue()
    for number in range(jobs):
        copy_tree(root, folder / str(number))
        copies.put(folder / str(number))
    cache = root / ".pytest_cache"
    if red := red_without_mutants(mutants, folder / "0", cache):
        print(f"these tests fail without a mutant, so they prove nothing:\n{red}")
        return 2

    def tried(mutant: Mutant) -> Verdict:
        copy = copies.get()
        try:
            return attempt(mutant, copy, cache)
        finally:
            copies.put(copy)

    verdicts = []
    with ThreadPoolExecutor(jobs) as pool:
        for future in as_completed(pool.submit(tried, mutant) for mutant in mutants):
            verdict = future.result()
            verdicts.append(verdict)
            line = f"{verdict.outcome:8} {verdict.seconds:6.1f} s  {verdict.mutant.name}"
            print(f"{line}: {verdict.detail}", flush=True)
    counts = dict.fromkeys(("killed", "survived", "stale", "broken"), 0)
    for verdict in verdicts:
        counts[verdict.outcome] += 1
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 0 if counts["killed"] == len(verdicts) else 1


def red_without_mutants(mutants: list[Mutant], copy: Path, cache: Path) -> str:
    """What fails before anything is edited; empty when all is green."""
    tests = tuple(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
    present = tuple(test for test in tests if (copy / test.partition("::")[0]).exists())
    code, output = run_tests(copy, present, cache) if present else (0, "")
    return output[-3000:] if code else ""


if __name__ == "__main__":
    sys.exit(main())
