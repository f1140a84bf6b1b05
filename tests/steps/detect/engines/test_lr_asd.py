"""LR-ASD hears what its authors' front end hears, and judges each face of a scene."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from steps.contract.errors import BadInput
from steps.detect.engines.lr_asd import FACE_PX, STEPS_PER_FRAME, WATCHED_FPS, mfcc, watched
from steps.detect.engines.protocol import Scene, Sight
from steps.model.timing import Span
from tests.media.fixtures import Film
from tests.steps.scenes import detected, prepare

MODEL = Path(__file__).parents[5] / "shared" / "models" / "lr_asd.onnx"
EXPECTED = {
    10: [14.69706486, 19.46518359, 2.67862182, -13.3071852, -26.02377755],
    90: [18.88240998, 19.51167361, 2.64850142, -13.20601118, -26.13733717],
}


def tone() -> np.ndarray:
    at = np.arange(16_000) / 16_000
    return (8000 * np.sin(2 * np.pi * 440 * at) * at).astype(np.int16)


def test_the_cepstra_are_those_of_the_authors_front_end() -> None:
    """The numbers are python_speech_features 0.6's: `mfcc(tone(), 16000)`, steps 10 and 90."""
    steps = mfcc(tone(), 100)
    assert steps.shape == (100, 13)
    assert steps[10, :5] == pytest.approx(EXPECTED[10], abs=1e-6)
    assert steps[90, :5] == pytest.approx(EXPECTED[90], abs=1e-6)
    assert np.isfinite(mfcc(np.zeros(0, np.int16), 8)).all()


def test_a_face_is_cut_out_of_every_picture(media: Callable[[str], Film]) -> None:
    film, truth = media("interview")
    host, marks = truth.faces["guest"], np.zeros((5, 2))
    sights = [
        Sight(n, 200 * n, np.array(host[round(0.2 * n * truth.fps)]), 1.0, marks) for n in range(11)
    ]
    ((times, faces),) = watched(Scene(film, None, Span(in_ms=0, out_ms=2_000), [sights]))
    assert len(times) == len(faces) == 2 * WATCHED_FPS
    assert faces.shape[1:] == (FACE_PX, FACE_PX)
    assert faces.std(axis=(1, 2)).min() > 10
    assert len(mfcc(tone(), STEPS_PER_FRAME * len(faces))) == 4 * len(faces)


@pytest.mark.slow
@pytest.mark.skipif(not MODEL.is_file(), reason="the model is not beside the project")
def test_only_its_name_chooses_it(media: Callable[[str], Film], tmp_path: Path) -> None:
    film, _ = media("interview")
    prepare(film, tmp_path, Span(in_ms=0, out_ms=4_000), sound=True)
    tracks, fallbacks = detected(tmp_path, speaker_method="lr-asd", speaker_model=str(MODEL))
    assert (tracks.speaker_method, fallbacks) == ("lr-asd", [])
    (shot,) = tracks.clips[0].shots
    assert len(shot.tracks) == 2
    assert shot.turns


def test_without_its_model_the_line_says_what_to_do(
    media: Callable[[str], Film], tmp_path: Path
) -> None:
    prepare(media("interview")[0], tmp_path, Span(in_ms=0, out_ms=2_000), sound=True)
    with pytest.raises(BadInput, match="clipmill models"):
        detected(tmp_path, speaker_method="lr-asd", speaker_model="")
