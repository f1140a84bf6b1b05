"""The engines of transcribe, as data: each is a module of this folder.

To add one: write a module with a class that fits its protocol and a factory of it, declare an
`Engine` here, and put it into its list, in order of preference.
"""

from steps.contract import Engine
from steps.model.weights import TINY_EN

FASTER_WHISPER = Engine(
    name="faster-whisper",
    about="Whisper on the CPU, in 8-bit integers.",
    load="steps.transcribe.engines.faster_whisper:load",
    weights=(TINY_EN,),
    packages=("ctranslate2", "faster-whisper", "numpy", "onnxruntime"),
    kernels="steps.transcribe.kernels:classes",
)

RECOGNIZERS = (FASTER_WHISPER,)
