"""The decision: an engine rates and names, pure functions choose; a model's failure ends in a plan.

An engine that cannot be set up is the contract's affair: `auto` takes the next one, a named one
fails the step. A model that was asked and gave no usable answer is this module's: the scorer
chooses instead, also where the model was named, and the reason is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from steps.contract import AUTO, Context, Unusable
from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate
from steps.highlight.choose import Likeness, choose
from steps.highlight.engines.protocol import Chooser, Naming, Scorer, Speech, Telling, Unanswered
from steps.model import artifacts
from steps.model.clips import Translation


@dataclass(frozen=True)
class Decision:
    """The chosen candidates in order of time, a model's texts for each, and who chose.

    Attributes:
        rated: all candidates that were compared, with the scores that the choice was made by.
        telling: a model's texts for the source.
        translation: of the chosen ones, where it is wanted.
    """

    method: Literal["scorer", "llm"]
    rated: Sequence[Candidate]
    chosen: Sequence[Candidate]
    namings: Sequence[Naming]
    telling: Telling
    translation: Translation | None = None


def decide(
    context: Context[HighlightParams],
    candidates: Sequence[Candidate],
    speech: Speech,
    likeness: Likeness,
) -> Decision:
    """Choose among candidates, or name those that the user gave.

    Args:
        context: of the step; what a model answered is written as answers.jsonl.
        candidates: the allowed ones, or those of `--at`.
        speech: of the source; where there is none, no model is asked.
        likeness: of two candidates.

    Raises:
        Unusable: the named engine cannot be used.
    """
    params = context.params

    def work(chooser: Chooser) -> Decision:
        try:
            return _decided(chooser, params, candidates, speech, likeness)
        except Unanswered as error:
            if params.translate:  # only a model can; that it did not choose is no reason to stop
                _report(context, error)
                found = _decided(Scorer(), params, candidates, speech, likeness)
                return replace(found, translation=_translation(chooser, params, found, speech))
            if params.chooser == AUTO:
                raise Unusable(str(error)) from error
            raise
        finally:
            if answers := chooser.answers():
                context.write(artifacts.ANSWERS, answers)

    if not speech.sentences:
        return _decided(Scorer(), params, candidates, speech, likeness)
    try:
        return context.use("chooser", work)
    except Unanswered as error:
        _report(context, error)
        return _decided(Scorer(), params, candidates, speech, likeness)


def _report(context: Context[HighlightParams], error: Unanswered) -> None:
    context.fell_back = True
    message = f"{context.params.chooser}: {error}; the scorer chose instead"
    context.degrade("chooser-fallback", message)


def _decided(
    chooser: Chooser,
    params: HighlightParams,
    candidates: Sequence[Candidate],
    speech: Speech,
    likeness: Likeness,
) -> Decision:
    rated = chosen = candidates
    if not params.at:
        rated = chooser.rate(candidates, speech)
        chosen = choose(rated, params.clips, params.min_gap_ms, likeness)
    namings = chooser.entitle(chosen, speech)
    found = Decision(chooser.method, rated, chosen, namings, chooser.tell(speech))
    return replace(found, translation=_translation(chooser, params, found, speech))


def _translation(
    chooser: Chooser, params: HighlightParams, decision: Decision, speech: Speech
) -> Translation | None:
    if not params.translate:
        return None
    return chooser.translate([item.span for item in decision.chosen], speech)
