"""The chooser that asks a server with OpenAI's protocol: the chart's vLLM, Ollama, llama.cpp.

The address comes from `--llm-url` or `$CLIPMILL_LLM_URL`, the model from `--llm-model` or
`$CLIPMILL_LLM_MODEL`, the key from `$CLIPMILL_LLM_KEY`. The environment belongs to whoever runs
clipmill, a param to whoever sends a job. So only the environment's address, or this machine's own,
may be private without `CLIPMILL_ALLOW_PRIVATE_HOSTS=1`; and where both are set, only the
environment's server gets the key.
"""

from __future__ import annotations

import os
from ipaddress import ip_address

import httpx

from steps.contract import Context, Unusable
from steps.highlight import HighlightParams
from steps.highlight.engines.asking import AskingChooser, asking
from steps.highlight.engines.named import URL_VARIABLE, wanted_model
from steps.highlight.engines.server import ServedModel
from steps.highlight.engines.stills import stills_of

KEY_VARIABLE = "CLIPMILL_LLM_KEY"
WAIT_VARIABLE = "CLIPMILL_LLM_WAIT_S"
"""How long to wait for a server that does not accept connections yet; the chart sets it, because a
server loads its model for minutes."""


def openai(context: Context[HighlightParams]) -> AskingChooser:
    """The engine `openai`.

    Raises:
        Unusable: no address is named, or the server cannot be used.
    """
    named, set_here = context.params.llm_url, os.environ.get(URL_VARIABLE, "")
    url = named or set_here
    if not url:
        raise Unusable(f"no server is named: give --llm-url, or set {URL_VARIABLE}")
    stills = stills_of(context)
    trusted = not named or named == set_here
    model = ServedModel(
        url,
        wanted_model(context.params),
        key=os.environ.get(KEY_VARIABLE, "") if trusted or not set_here else "",
        allow_private=trusted or is_this_machine(url),
        wait_s=float(os.environ.get(WAIT_VARIABLE) or 0),
        stills=stills,
    )
    return asking(context, model, stills)


def is_this_machine(url: str) -> bool:
    """Whether an address is `localhost` or a loopback address, by its text."""
    try:
        host = httpx.URL(url).host
        return host == "localhost" or ip_address(host).is_loopback
    except (httpx.InvalidURL, ValueError):
        return False
