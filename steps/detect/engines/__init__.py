"""The engines of detect: declarations only."""

from steps.contract import Engine, Resources
from steps.model import weights

_HERE = "steps.detect.engines"

CENTERFACE = Engine(
    name="centerface",
    about="Faces with landmarks, on the CPU, in the default install.",
    load=f"{_HERE}.centerface:load",
    weights=(weights.CENTERFACE,),
    packages=("onnxruntime",),
    promise="this-machine",
)
YOLO = Engine(
    name="yolo",
    about="Persons by Ultralytics YOLO, faces by its model or else by centerface.",
    load=f"{_HERE}.yolo:load",
    weights=(weights.CENTERFACE,),
    models=f"{_HERE}.chosen:detector",
    packages=("onnxruntime", "torch", "torchvision", "ultralytics"),
    environment="vision",
    resources=Resources(cpu=2, memory_mib=6144, gpu=1),
    promise="this-machine",
)
MEDIAPIPE = Engine(
    name="mediapipe",
    about="Poses with 33 landmarks, by MediaPipe's BlazePose.",
    load=f"{_HERE}.blazepose:load",
    models=f"{_HERE}.chosen:pose",
    packages=("mediapipe",),
    environment="vision",
    resources=Resources(cpu=2, memory_mib=4096),
    promise="this-machine",
)
MOUTH = Engine(
    name="mouth",
    about="The mouth that moves with the sound.",
    load=f"{_HERE}.mouth:load",
)
LARGEST = Engine(
    name="largest",
    about="The largest face.",
    load=f"{_HERE}.largest:load",
)
LR_ASD = Engine(
    name="lr-asd",
    about="A network that hears the voice and sees the lips; not judged on enough real faces yet.",
    load=f"{_HERE}.lr_asd:load",
    models=f"{_HERE}.chosen:speaker",
    packages=("onnxruntime",),
    promise="this-machine",
    by_name=True,
)
