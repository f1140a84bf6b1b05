"""How far 50 orders in the speech move a passage, with a real model.

Run it with the interpreter of the environment `vllm`:
`python -m tests.eval.injections FOLDER [EVERY]`. FOLDER holds a model, as `tests.engines.gemma`
makes one; EVERY 5 asks about each fifth order. It prints the shifts as JSON.

Each order goes into one of 60 passages, and so does harmless text of its length. With Gemma 3 270M
(a base model; with all its pieces, 9 minutes of CPU time) the median shift is 0 places. Half of the
orders move their passage by more than 15 places up or down, and so does harmless text: all
ratings of this model lie within half a per cent of the scale. What lifts a passage most are fives
in JSON (23 to 46 places).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

from steps.highlight.engines.readings import read_rating
from steps.highlight.engines.stills import Stills
from steps.highlight.engines.vllm import LocalModel
from steps.model.answers import Question
from tests.steps.highlight.injections import INJECTIONS, median_noise, median_places, shifts

BATCH = 80


def main(folder: Path, every: int = 1) -> None:
    """Ask, and print how far each order and the harmless texts moved a passage."""
    model = LocalModel(folder, folder.name, "0" * 64, Stills(None))

    def rate(questions: list[Question]) -> list[int]:
        batches = [questions[at : at + BATCH] for at in range(0, len(questions), BATCH)]
        replies = [reply for batch in batches for reply in model.at_once(batch)]
        return [sum(read_rating(reply).values()) for reply in replies]

    found = shifts(rate, INJECTIONS[::every])
    figures = {
        "orders": len(found),
        "median": median_places(found),
        "median distance": median(abs(one.places) for one in found),
        "median distance of harmless text": median_noise(found),
        "most": {one.text: one.places for one in sorted(found, key=lambda one: -one.places)[:5]},
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
