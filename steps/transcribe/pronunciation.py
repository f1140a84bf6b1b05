"""Phones for English words that the dictionary lacks: a small network reads the letters.

The network is that of g2p-en (Park and Kim, 2018): an encoder and a decoder of gated recurrent
units (Cho et al., 2014), trained on CMUdict. Only its weights are used.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

LETTERS = ("<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz")
START, END = 2, 3
"""Of a pronunciation, as positions in PHONES."""
PHONES = (
    *("<pad>", "<unk>", "<s>", "</s>"),
    *"""AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1
    EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1
    OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH""".split(),
)
MOST_PHONES = 20
LONGEST_WORD = 30

Floats: TypeAlias = NDArray[np.float64]


class Pronouncer:
    """Guesses pronunciations.

    Args:
        weights: checkpoint20.npz of g2p-en.
    """

    def __init__(self, weights: Path) -> None:
        with np.load(weights, allow_pickle=False) as arrays:
            self._weights = {name: arrays[name].astype(np.float64) for name in arrays.files}

    def phones(self, word: str) -> list[str]:
        """The phones of a word in lower case, without stress; empty if it has no letters.

        Names follow CMUdict: 39 phones, such as `AA` and `ZH`.
        """
        letters = [LETTERS.index(letter) for letter in word[:LONGEST_WORD] if letter in LETTERS]
        if not letters:
            return []
        state: Floats = np.zeros(self._weights["enc_w_hh"].shape[1])
        for letter in [*letters, LETTERS.index("</s>")]:
            state = self._step("enc", letter, state)
        found, last = [], START
        for _ in range(MOST_PHONES):
            state = self._step("dec", last, state)
            scores = (self._weights["fc_w"] * state).sum(axis=1) + self._weights["fc_b"]
            last = int(scores.argmax())
            if last == END:
                break
            if last > END:
                found.append(re.sub(r"\d", "", PHONES[last]))
        return found

    def _step(self, part: str, symbol: int, state: Floats) -> Floats:
        """One gated recurrent unit; products are summed without BLAS, the same on every CPU."""
        inputs = self._weights[f"{part}_emb"][symbol]
        of_input = (self._weights[f"{part}_w_ih"] * inputs).sum(axis=1)
        of_input += self._weights[f"{part}_b_ih"]
        of_state = (self._weights[f"{part}_w_hh"] * state).sum(axis=1)
        of_state += self._weights[f"{part}_b_hh"]
        reset, update, new = np.split(of_input, 3)
        state_reset, state_update, state_new = np.split(of_state, 3)
        update = _sigmoid(update + state_update)
        new = np.tanh(new + _sigmoid(reset + state_reset) * state_new)
        mixed: Floats = (1 - update) * new + update * state
        return mixed


def _sigmoid(values: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-values))
    return found
