"""detect: shots, faces, who speaks, and what the policy names, in the chosen clips only."""

from typing import Annotated

from steps.contract import AUTO, Engines, Resources, Step, param
from steps.detect.engines import CENTERFACE, LARGEST, LR_ASD, MEDIAPIPE, MOUTH, YOLO
from steps.model import artifacts
from steps.moderation.params import PolicyParams


class DetectParams(PolicyParams):
    """What to look for, with which engines, and how densely."""

    sample_ms: int = param(
        200, ge=33, le=2000, description="Distance of the sampled frames, in milliseconds."
    )
    detector: Annotated[str, Engines(YOLO, CENTERFACE, off=True)] = param(
        AUTO, description="Finds faces, and persons where it can."
    )
    detector_model: str = param(
        "",
        description="Model of yolo: a name of `clipmill models`, or the path of a .pt or .onnx.",
    )
    detector_score: int = param(
        0, ge=0, le=1000, description="Least score of a detection, of 1000; 0: the engine's own."
    )
    pose: Annotated[str, Engines(MEDIAPIPE, off=True)] = param(
        AUTO, description="Finds bodies, so that a head that is turned away is followed too."
    )
    pose_model: str = param(
        "", description="Model of mediapipe: a name of `clipmill models`, or a path of a .task."
    )
    speaker_method: Annotated[str, Engines(MOUTH, LARGEST, LR_ASD)] = param(
        AUTO, description="Decides who speaks where a shot has several faces."
    )
    speaker_model: str = param(
        "", description="Model of lr-asd: a name of `clipmill models`, or the path of an .onnx."
    )


STEP = Step(
    name="detect",
    summary="Find shots, faces, the speaker and what the policy names in each clip.",
    params=DetectParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.PLAN,
        artifacts.FINDINGS.maybe(),
        artifacts.TRANSCRIPT.maybe(),
        artifacts.CUTS,
        artifacts.AUDIO.maybe(),
    ),
    writes=(
        artifacts.TRACKS,
        artifacts.CLIPS,
        artifacts.MODERATION,
        artifacts.CLIP_EVIDENCE,
    ),
    work="steps.detect.work:run",
    version=2,
    packages=("av", "numpy", "opencv-python-headless", "scenedetect-headless"),
    kernels="steps.model.kernels:vision",
    resources=Resources(cpu=2, memory_mib=3072),
)
