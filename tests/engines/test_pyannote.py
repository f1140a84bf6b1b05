"""pyannote's pipeline through WhisperX: the real code, with models of the right shape.

Its own models are gated, so nobody can fetch them here. The segmentation model is the one that
WhisperX carries; the voice embedding and the PLDA have random numbers. So the path is proven, not
how well it tells voices apart.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from steps.contract import Context
from steps.contract.weights import WEIGHTS_DIR_VARIABLE
from steps.model.weights import PYANNOTE
from steps.transcribe import STEP, TranscribeParams
from tests.steps.transcribe import scenes

pytestmark = [pytest.mark.engines(environment="whisperx"), pytest.mark.filterwarnings("ignore")]

CONFIG = """
version: 4.0.0
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    clustering: VBxClustering
    segmentation: $model/segmentation
    segmentation_step: 0.5
    embedding: $model/embedding
    embedding_exclude_overlap: true
    plda: $model/plda
params:
  segmentation: {min_duration_off: 0.0, threshold: 0.5}
  clustering: {threshold: 0.6, Fa: 0.07, Fb: 0.8}
"""


def write_pipeline(folder: Path) -> None:
    """A pipeline as the hub has it: config.yaml and a folder for each model."""
    import torch
    import whisperx
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import WeSpeakerResNet34

    for name in ("segmentation", "embedding", "plda"):
        (folder / name).mkdir(parents=True)
    carried = Path(whisperx.__file__).parent / "assets" / "pytorch_model.bin"
    shutil.copy(carried, folder / "segmentation")
    torch.manual_seed(1)
    model = WeSpeakerResNet34()
    model.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0
    )
    checkpoint: dict[str, Any] = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": "2.0.0",
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "embedding" / "pytorch_model.bin")
    dice = np.random.default_rng(1)
    wide, narrow = (np.linalg.qr(dice.standard_normal((n, n)))[0] for n in (256, 128))
    zeros = np.zeros
    np.savez(
        folder / "plda/xvec_transform.npz", mean1=zeros(256), mean2=zeros(128), lda=wide[:, :128]
    )
    np.savez(folder / "plda/plda.npz", mu=zeros(128), tr=narrow, psi=np.linspace(2, 0.1, 128))
    (folder / "config.yaml").write_text(CONFIG)


def test_the_pipeline_gives_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from steps.transcribe.engines.pyannote import diarizer

    folder = tmp_path / "models" / PYANNOTE.name
    write_pipeline(folder)
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path / "models"))
    context = Context(STEP, TranscribeParams(), tmp_path, tmp_path, tmp_path)
    monkeypatch.setattr(context, "weights", lambda _model: folder)
    recording, activity = scenes.heard(scenes.samples("interview")[: 16 * 9000], tmp_path)
    turns = diarizer(context).turns(recording, activity, 2)
    assert turns
    assert all(turn.span.duration_ms > 0 for turn in turns)
    assert all(a.span.out_ms <= b.span.in_ms for a, b in pairwise(turns))
    heard = sum(activity.voice_ms(turn.span) for turn in turns)
    assert heard >= 0.7 * activity.total_ms
