"""The chooser that repeats a recorded job: the same questions get the same answers."""

from __future__ import annotations

from collections.abc import Sequence

from steps.contract import Context, Unusable
from steps.contract.errors import BadInput, BrokenContract
from steps.highlight import HighlightParams
from steps.highlight.engines.asking import AskingChooser, asking
from steps.highlight.engines.protocol import Unanswered
from steps.highlight.engines.stills import stills_of
from steps.model.answers import Answers, Question, Reply


class RecordedModel:
    """Answers from a recording, as the model of the recording."""

    def __init__(self, recorded: Answers) -> None:
        self.asked = recorded.asked
        self._failures = recorded.failures
        self._replies = {answer.key: answer.reply for answer in recorded.answers}

    def reply(self, questions: Sequence[Question]) -> Sequence[Reply]:
        """The recorded replies.

        Raises:
            Unanswered: there was no reply when the recording was made either.
            Unusable: the recording has no answer to a question.
        """
        keys = [question.key(self.asked) for question in questions]
        if missing := [key for key in keys if key not in self._replies]:
            if reason := self._failures.get(questions[0].purpose):
                raise Unanswered(reason)
            raise Unusable(
                f"the recording has no answer to {len(missing)} of {len(keys)} questions: it was "
                "made from another transcript, with other options or by another version of clipmill"
            )
        return [self._replies[key] for key in keys]


def replay(context: Context[HighlightParams]) -> AskingChooser:
    """The engine `replay`.

    Raises:
        Unusable: no recording is named.
    """
    if not context.params.answers:
        raise Unusable("no recording is named: give --answers FILE (a job's answers.jsonl)")
    recorded = read_answers(context.content("answers"))
    return asking(context, RecordedModel(recorded), stills_of(context))


def read_answers(data: bytes) -> Answers:
    """A recording, checked.

    Raises:
        BadInput: the bytes are not one.
    """
    try:
        return Answers.from_bytes(data, "the recording")
    except BrokenContract as error:
        raise BadInput(f"{error}; give the answers.jsonl of a job") from error
