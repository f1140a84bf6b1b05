"""The engines of transcribe, as data: each is a module of this folder.

To add one: write a module with a class that fits its protocol and a factory of it, declare an
`Engine` here, and put it into its list, in order of preference.
"""

from steps.contract import Engine, Resources
from steps.model.weights import (
    FIRERED_AED,
    G2P_EN,
    POCKETSPHINX_EN,
    PYANNOTE,
    VOICE_EMBEDDER,
)

WHISPERX = Engine(
    name="whisperx",
    about="Whisper in batches with forced alignment by wav2vec2: for a GPU, slow without one.",
    load="steps.transcribe.engines.whisperx:load",
    models="steps.transcribe.engines.whisper_models:for_whisperx",
    packages=("ctranslate2", "faster-whisper", "torch", "transformers", "whisperx"),
    kernels="steps.transcribe.kernels:classes",
    environment="whisperx",
    resources=Resources(cpu=2, memory_mib=8192, gpu=1),
    promise="this-machine",
)
FASTER_WHISPER = Engine(
    name="faster-whisper",
    about="Whisper on the CPU, in 8-bit integers.",
    load="steps.transcribe.engines.faster_whisper:load",
    models="steps.transcribe.engines.whisper_models:embedded",
    packages=("ctranslate2", "faster-whisper", "numpy", "onnxruntime"),
    kernels="steps.transcribe.kernels:classes",
)
FASTER_WHISPER_GPU = Engine(
    name="faster-whisper-gpu",
    about="Whisper on a GPU, with the CUDA libraries that are installed; by name only.",
    load="steps.transcribe.engines.faster_whisper:load_gpu",
    models="steps.transcribe.engines.whisper_models:embedded",
    packages=("ctranslate2", "faster-whisper", "numpy", "onnxruntime"),
    resources=Resources(gpu=1),
    promise="this-machine",
    by_name=True,
)

POCKETSPHINX = Engine(
    name="pocketsphinx",
    about="Forced alignment of English, with CMU's acoustic model and dictionary.",
    load="steps.transcribe.engines.pocketsphinx:aligner",
    weights=(POCKETSPHINX_EN, G2P_EN),
    packages=("pocketsphinx", "numpy"),
)
MODEL_TIMES = Engine(
    name="whisper",
    about="The times of the recogniser or of the captions, as they are.",
    load="steps.transcribe.engines.model_times:aligner",
)
D_VECTORS = Engine(
    name="d-vectors",
    about="Clusters of voice embeddings, one for each 1.2 s of voice.",
    load="steps.transcribe.engines.d_vectors:diarizer",
    weights=(VOICE_EMBEDDER,),
    packages=("onnxruntime", "numpy"),
    kernels="steps.model.kernels:onnx",
    promise="this-machine",
)
PYANNOTE_DIARIZER = Engine(
    name="pyannote",
    about="pyannote's community-1, through WhisperX; the model is gated.",
    load="steps.transcribe.engines.pyannote:diarizer",
    weights=(PYANNOTE,),
    packages=("whisperx", "pyannote-audio", "torch"),
    environment="whisperx",
    resources=Resources(cpu=4, memory_mib=8192),
    promise="this-machine",
    applies="steps.transcribe.engines.pyannote:is_fetched",
)
FIRERED = Engine(
    name="firered",
    about="FireRed's detector of speech, singing and music.",
    load="steps.transcribe.engines.firered:classifier",
    weights=(FIRERED_AED,),
    packages=("ncnn", "kaldi-native-fbank", "numpy"),
    kernels="steps.transcribe.kernels:ncnn_classes",
    promise="this-machine",
)

ALIGNERS = (POCKETSPHINX, MODEL_TIMES)
DIARIZERS = (PYANNOTE_DIARIZER, D_VECTORS)
SOUND_CLASSIFIERS = (FIRERED,)
RECOGNIZERS = (WHISPERX, FASTER_WHISPER, FASTER_WHISPER_GPU)
