"""The chooser that runs vLLM in the step's own process.

One process, one seed, temperature 0 and one question at a time: every run then computes the same
numbers in the same order, so the same machine gives the same bytes. Other GPUs and other versions
round differently.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from steps.contract import Context, Unusable
from steps.contract.engines import gpu_fault
from steps.contract.errors import one_line
from steps.highlight import HighlightParams
from steps.highlight.engines.asking import AskingChooser, asking
from steps.highlight.engines.named import local_model
from steps.highlight.engines.protocol import Unanswered
from steps.highlight.engines.stills import Stills, stills_of
from steps.model.answers import (
    MAX_ANSWER_CHARACTERS,
    Asked,
    Question,
    Reply,
    weighed_digits,
)

CONTEXT_TOKENS = 8192
"""Room for one question and its answer, twice over. The memory of the cache grows with it."""
GPU_SHARE = 0.85
"""Of the card's memory: on one of 10 GB, 8.5 GB."""
CPU_CACHE_GIB = "1"
ENVIRONMENT = {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # a second process would schedule by the clock
    "VLLM_HOST_IP": "127.0.0.1",  # one process: it needs no other host
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_CPU_KVCACHE_SPACE": CPU_CACHE_GIB,
    "OMP_WAIT_POLICY": "PASSIVE",  # on a busy CPU, threads that spin take two thirds of its time
    "VLLM_LOGGING_LEVEL": "WARNING",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",
    "HF_HUB_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
}
"""Set before vLLM is imported, where the user has not set it: it reads them then."""


class LocalModel:
    """A model in this process.

    Attributes:
        asked: its name and digest, and vLLM's version.
    """

    def __init__(self, folder: Path, name: str, digest: str, stills: Stills) -> None:
        """Load it.

        Args:
            folder: config, tokenizer and safetensors, as a model hub keeps them.
            name: what answers are recorded under.
            digest: of the folder.
            stills: the pictures that questions name.

        Raises:
            Unusable: vLLM cannot load it here.
        """
        for variable, value in ENVIRONMENT.items():
            os.environ.setdefault(variable, value)
        try:
            import torch
            import vllm
            from vllm.sampling_params import StructuredOutputsParams
        except ImportError as error:
            raise Unusable(
                f"vLLM cannot be imported ({error}): run `clipmill engines install vllm`"
            ) from error
        self.asked = Asked(engine="vllm", version=vllm.__version__, model=name, sha256=digest)
        self._stills = stills
        self._schema: Callable[..., Any] = StructuredOutputsParams
        self._sampling: Callable[..., Any] = vllm.SamplingParams
        try:
            self._llm = vllm.LLM(
                model=str(folder),
                seed=self.asked.seed,
                dtype=number_format(torch),
                max_model_len=CONTEXT_TOKENS,
                max_logprobs=self.asked.alternatives,
                gpu_memory_utilization=GPU_SHARE,
                enable_prefix_caching=True,
                # White space between an answer's parts is where a small model never ends.
                structured_outputs_config={"backend": "xgrammar", "disable_any_whitespace": True},
                enforce_eager=True,  # compiling takes longer than a job's questions
                disable_log_stats=True,
            )
        except (ValueError, RuntimeError, OSError, KeyError, NotImplementedError) as error:
            reason = one_line(str(error), limit=200)
            fault = gpu_fault(error) or Unusable(f"vLLM cannot load {name}: {reason}")
            raise fault from error

    def reply(self, questions: Sequence[Question]) -> Sequence[Reply]:
        """One reply to each question; see `LanguageModel.reply`.

        Questions go one at a time; what they begin with in common is computed once. vLLM compiles
        schemas in threads, so which questions share a batch depends on the clock, and numbers round
        differently in another batch.
        """
        # Nor may what an earlier call left in the cache decide how a prefix is computed.
        self._llm.reset_prefix_cache()
        return [self.at_once([question])[0] for question in questions]

    def at_once(self, questions: Sequence[Question]) -> list[Reply]:
        """The replies to a batch: faster, and not to the last digit the same each time."""
        try:
            return [_reply(output.outputs[0]) for output in self._outputs(questions)]
        except ValueError as error:
            raise Unanswered(f"vLLM refuses the question: {one_line(str(error), 200)}") from error

    def _outputs(self, questions: Sequence[Question]) -> list[Any]:
        sampling = [
            self._sampling(
                temperature=0,
                seed=self.asked.seed,
                max_tokens=question.most_tokens,
                logprobs=self.asked.alternatives if question.weighed else None,
                structured_outputs=self._schema(json=json.loads(question.answer_schema)),
            )
            for question in questions
        ]
        found: list[Any]
        if getattr(self._llm.get_tokenizer(), "chat_template", None):
            talks = [
                [
                    {"role": "system", "content": question.system},
                    {"role": "user", "content": self._stills.content(question)},
                ]
                for question in questions
            ]
            thinking = {"enable_thinking": False}  # a schema leaves it no room
            found = self._llm.chat(talks, sampling, use_tqdm=False, chat_template_kwargs=thinking)
            return found
        if any(question.pictures for question in questions):
            raise Unanswered("the model has no template for talks, so it cannot see pictures")
        texts = [f"{question.system}\n\n{question.prompt}\n" for question in questions]
        found = self._llm.generate(texts, sampling, use_tqdm=False)
        return found


def number_format(torch: Any) -> str:
    """What to compute in: what the model has, but where the machine has no such numbers.

    A card below compute capability 8.0 (a T4) has no bfloat16. A CPU computes it as float32, and
    loses a third of its time by it (Gemma 270M on AVX2: 60 CPU seconds against 42).
    """
    if not torch.cuda.is_available():
        return "float32"
    return "half" if torch.cuda.get_device_capability() < (8, 0) else "auto"


def _reply(output: Any) -> Reply:
    if output.finish_reason != "stop" or len(output.text) > MAX_ANSWER_CHARACTERS:
        raise Unanswered("the answer is cut off: the model did not come to an end")
    steps: Sequence[Mapping[int, Any]] = output.logprobs or ()
    tokens = [
        (
            step[token].decoded_token or "",
            {one.decoded_token or "": one.logprob for one in step.values()},
        )
        for token, step in zip(output.token_ids, steps, strict=False)
    ]
    return Reply(text=output.text, digits=weighed_digits(tokens, output.text) if tokens else ())


def vllm(context: Context[HighlightParams]) -> AskingChooser:
    """The engine `vllm`.

    Raises:
        Unusable: the model cannot be loaded here.
    """
    (model,) = local_model(context.params)
    stills = stills_of(context)
    folder = context.weights(model)
    return asking(context, LocalModel(folder, model.name, model.sha256, stills), stills)
