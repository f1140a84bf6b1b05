"""The classifiers of moderate, in order of preference."""

from steps.contract import Engine
from steps.model.weights import NUDENET

NUDENET_ENGINE = Engine(
    name="nudenet",
    about="NudeNet 3: 18 classes of bare and covered parts of the body",
    load="steps.moderation.engines.nudenet:nudenet",
    weights=(NUDENET,),
    packages=("nudenet", "onnxruntime", "opencv-python-headless"),
    kernels="steps.model.kernels:vision",
)

CLASSIFIERS = (NUDENET_ENGINE,)
