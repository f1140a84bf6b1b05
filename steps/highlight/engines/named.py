"""What the params and the environment name: a server, its model, a local model, a recording.

Commands that run nothing ask this too, so it imports neither an HTTP client nor a chooser.
"""

from __future__ import annotations

import os

from steps.contract import AUTO, Weights
from steps.contract.errors import BadInput
from steps.highlight import HighlightParams
from steps.model import weights

URL_VARIABLE = "CLIPMILL_LLM_URL"
MODEL_VARIABLE = "CLIPMILL_LLM_MODEL"
LOCAL_MODEL = "qwen3-4b-awq"


def server(params: HighlightParams) -> bool:
    """Whether a server is named."""
    return bool(params.llm_url or os.environ.get(URL_VARIABLE))


def recording(params: HighlightParams) -> bool:
    """Whether a recording is named."""
    return bool(params.answers)


def wanted_model(params: HighlightParams) -> str:
    """The model's name on the server; empty for the only one that it has."""
    return params.llm_model or os.environ.get(MODEL_VARIABLE, "")


def fingerprint(params: HighlightParams) -> str | None:
    """The server's model, for the key of the cache; None if only the server knows it."""
    asked = params.chooser == "openai" or (
        params.chooser == AUTO and server(params) and not recording(params)
    )
    return (wanted_model(params) or None) if asked else ""


def no_translator(params: HighlightParams) -> tuple[Weights, ...]:
    """No weights: the scorer needs none.

    Raises:
        BadInput: a translation is wanted, which the scorer cannot make.
    """
    if params.translate:
        raise BadInput(
            f"--translate={params.translate} needs a language model, and none is at hand: name a"
            " server with --llm-url, recorded answers with --answers, or run `clipmill engines"
            " install vllm`"
        )
    return ()


def local_model(params: HighlightParams) -> tuple[Weights, ...]:
    """The model for vLLM in process, or the default.

    Raises:
        BadInput: it is neither a model of the list nor a folder.
    """
    return (weights.named(params.llm_model or LOCAL_MODEL),)
