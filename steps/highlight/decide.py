"""The decision: an engine rates and names, pure functions choose; a model's failure ends in a plan.

An engine that cannot be set up is the contract's affair: `auto` takes the next one, a named one
fails the step. A model that was asked and gave no usable answer is this module's: the scorer
chooses instead, also where the model was named, and the reason is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from steps.contract import AUTO, Context, Unusable
from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate
from steps.highlight.choose import choose
from steps.highlight.engines.protocol import Chooser, Naming, Scorer, TextOf, Unanswered
from steps.model import artifacts


@dataclass(frozen=True)
class Decision:
    """The chosen candidates in order of time, what a model calls each, and who chose."""

    method: Literal["scorer", "llm"]
    chosen: Sequence[Candidate]
    namings: Sequence[Naming]


def decide(
    context: Context[HighlightParams],
    candidates: Sequence[Candidate],
    text_of: TextOf,
    *,
    spoken: bool,
) -> Decision:
    """Choose among candidates, or name those that the user gave.

    Args:
        context: of the step; what a model answered is written as answers.json.
        candidates: the allowed ones, or those of `--at`.
        text_of: the words of a candidate.
        spoken: whether the source has speech; without it no model is asked.

    Raises:
        Unusable: the named engine cannot be used.
    """
    params = context.params

    def work(chooser: Chooser) -> Decision:
        try:
            return _decided(chooser, params, candidates, text_of)
        except Unanswered as error:
            if params.chooser == AUTO:
                raise Unusable(str(error)) from error
            raise
        finally:
            if answers := chooser.answers():
                context.write(artifacts.ANSWERS, answers)

    if not spoken:
        return _decided(Scorer(), params, candidates, text_of)
    try:
        return context.use("chooser", work)
    except Unanswered as error:
        context.fell_back = True
        context.degrade("chooser-fallback", f"{params.chooser}: {error}; the scorer chose instead")
        return _decided(Scorer(), params, candidates, text_of)


def _decided(
    chooser: Chooser, params: HighlightParams, candidates: Sequence[Candidate], text_of: TextOf
) -> Decision:
    chosen = candidates
    if not params.at:
        rated = chooser.rate(candidates, text_of)
        chosen = choose(rated, params.clips, params.min_gap_ms, text_of)
    return Decision(chooser.method, chosen, chooser.entitle(chosen, text_of))
