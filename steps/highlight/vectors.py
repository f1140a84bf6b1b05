"""Sentences as vectors: what two sentences have in common beyond their words (MiniLM, English).

all-MiniLM-L6-v2 with int8 weights, through onnxruntime. Sentences go through it one by one: the
scale of its numbers is taken over the whole of an input, so a vector would otherwise depend on its
neighbours. 7 ms a sentence on one core. Other classes of CPU differ in the fourth digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from steps.media.networks import onnx_session
from steps.model.weights import MINILM, MINILM_TOKENIZER

SIZE = 384
MOST_TOKENS = 128
"""Of a sentence; what the model was trained with. The rest of a longer one is left out."""

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """Gives one vector per sentence. A process loads it once, in 0.2 s."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Load it from the files of `minilm-int8` and `minilm-tokenizer`."""
        self._session = onnx_session(model)
        self._tokenizer = _tokenizer(tokenizer)

    @classmethod
    def packaged(cls) -> SentenceEncoder:
        """The pinned model of this machine.

        Raises:
            BadInput: it is missing; the line says how to fetch it.
        """
        return cls(MINILM.locate(), MINILM_TOKENIZER.locate())

    def vectors(self, sentences: Sequence[str]) -> Vectors:
        """The mean of each sentence's token vectors, not normalised.

        Returns:
            float32 (sentences, 384). A sentence without tokens, such as an empty one, is zero.
        """
        found = np.zeros((len(sentences), SIZE), np.float32)
        known: dict[str, Vectors] = {}
        for row, sentence in enumerate(sentences):
            if sentence not in known:
                known[sentence] = self._vector(sentence)
            found[row] = known[sentence]
        return found

    def _vector(self, sentence: str) -> Vectors:
        ids = np.asarray([self._tokenizer.encode(sentence).ids], np.int64)
        (states,) = self._session.run(
            ["last_hidden_state"],
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.zeros_like(ids),
            },
        )
        tokens = states[0, 1:-1]  # without the marks of start and end
        vector: Vectors = tokens.mean(axis=0) if len(tokens) else np.zeros(SIZE, np.float32)
        return vector


def cosines(a: Vectors, b: Vectors) -> Vectors:
    """How alike the rows of two sets are, -1 to 1: about .6 for a paraphrase, under .3 otherwise.

    Args:
        a: float32 (m, 384).
        b: float32 (n, 384).

    Returns:
        float32 (m, n); 0 where a row is zero.
    """
    return _normalised(a) @ _normalised(b).T


@cache
def _tokenizer(path: Path) -> Tokenizer:
    found = Tokenizer.from_file(str(path))
    found.no_padding()
    found.enable_truncation(MOST_TOKENS)
    return found


def _normalised(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    normalised: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return normalised
