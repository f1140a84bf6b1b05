"""Make a film from a scene: the file, and its truth beside it."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from tests.media import film, sound
from tests.media.scene import Coding, Scene
from tests.media.truth import Box, ShotTruth, Truth, Word

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
QUIET = [FFMPEG, "-v", "error", "-y"]
BITEXACT = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def truth_path(path: Path) -> Path:
    """Return the path of a film's truth."""
    return path.with_name(path.name.split(".")[0] + ".truth.json")


def make(scene: Scene, folder: Path) -> tuple[Path, Truth]:
    """Write `folder/NAME.suffix` and its truth; return both. Both appear whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        made = Path(temporary) / f"{scene.name}{scene.coding.suffix}"
        truth = _film(scene, made) if scene.shots else _only_sound(scene, made)
        text = truth.model_dump_json()
        path = folder / made.name
        made.replace(path)
        truth_path(made).write_text(text + "\n", encoding="utf-8")
        truth_path(made).replace(truth_path(path))
    return path, truth


def truth_of(scene: Scene, boxes: list[dict[str, Box]]) -> Truth:
    """Return the truth of a scene from the faces of its frames at the full rate."""
    pattern = scene.coding.kept
    kept = [n for n in range(len(boxes)) if pattern[n % len(pattern)]]
    stored = {frame: index for index, frame in enumerate(kept)}

    def index_of(frame: int) -> int:
        return next((stored[n] for n in range(frame, len(boxes)) if n in stored), len(kept))

    shots = tuple(
        ShotTruth(
            kind=shot.kind,
            in_frame=index_of(shot.in_frame),
            out_frame=index_of(shot.out_frame),
            texts=shot.texts,
        )
        for shot in film.shots_truth(scene)
    )
    persons = sorted({person for frame in boxes for person in frame})
    return Truth(
        name=scene.name,
        size=scene.size,
        rate=f"{scene.rate.numerator}/{scene.rate.denominator}",
        frames=len(kept),
        duration_ms=scene.length_ms,
        frame_ticks=None if all(pattern) else tuple(kept),
        shots=shots,
        faces={person: tuple(_rounded(boxes[n].get(person)) for n in kept) for person in persons},
        words=sound.words(scene) if scene.sound else (),
        silences=sound.silences(scene) if scene.sound else (),
    )


def _rounded(box: Box | None) -> Box | None:
    return box and (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def _film(scene: Scene, path: Path) -> Truth:
    coding = scene.coding
    turned = coding.rotate_deg % 180 != 0
    width, height = scene.size[::-1] if turned else scene.size
    source = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}"]
    command = [*QUIET, *source, "-r", str(scene.rate), "-i", "pipe:0", *_sound_input(scene, path)]
    subtitles = _subtitles(scene, path) if coding.subtitles else []
    command += [*subtitles, "-vf", _filters(coding), "-fps_mode", "vfr", *_video(coding)]
    codec = "srt" if coding.suffix == ".mkv" else "mov_text"
    command += ["-c:s", codec, "-metadata:s:s:0", "language=eng"] if subtitles else []
    command += [*_audio(coding), *BITEXACT, "-movflags", "+faststart", str(path)]
    boxes: list[dict[str, Box]] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin
        for frame in film.frames(scene):
            picture = np.rot90(frame.picture, coding.rotate_deg // 90)
            process.stdin.write(np.ascontiguousarray(picture).data)
            boxes.append(frame.faces)
        process.stdin.close()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    if coding.rotate_deg:
        upright = path.with_name(f"turned{path.suffix}")
        path.replace(upright)
        turn = ["-display_rotation:v:0", str(-coding.rotate_deg), "-i", str(upright)]
        subprocess.run([*QUIET, *turn, "-c", "copy", *BITEXACT, str(path)], check=True)
        upright.unlink()
    return truth_of(scene, boxes)


def _filters(coding: Coding) -> str:
    pattern = coding.kept
    terms = [f"eq(mod(n,{len(pattern)}),{n})" for n, kept in enumerate(pattern) if kept]
    select = [] if all(pattern) else [f"select='{'+'.join(terms)}'"]
    tags = "setparams=color_primaries=bt709:color_trc=bt709"
    return ",".join([*select, "scale=out_color_matrix=bt709:out_range=tv", "format=yuv420p", tags])


def _video(coding: Coding) -> list[str]:
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    rate = ["-c:v", "libx264", "-preset", coding.preset, "-crf", str(coding.crf), "-g", "120"]
    return [*rate, "-threads", "2", "-color_range", "tv", *tags]


def _audio(coding: Coding) -> list[str]:
    return ["-c:a", "aac", "-b:a", f"{coding.audio_kbps}k"]


def _sound_input(scene: Scene, path: Path) -> list[str]:
    """Write the sound beside the film and return the options that read it."""
    if scene.sound is None:
        return []
    samples = sound.mix(scene, scene.sound)
    file = path.with_name("sound.wav")
    with wave.open(str(file), "wb") as writer:
        writer.setparams((samples.shape[1], 2, scene.sound.rate_hz, 0, "NONE", ""))
        writer.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return ["-channel_layout", LAYOUTS[samples.shape[1]], "-i", str(file)]


def _subtitles(scene: Scene, path: Path) -> list[str]:
    file = path.with_name("lines.srt")
    file.write_text(srt(scene), encoding="utf-8")
    return ["-i", str(file)]


def srt(scene: Scene) -> str:
    """Return one subtitle a sentence, as a careful person would have made them."""
    blocks: list[str] = []
    sentence: list[Word] = []
    for word in sound.words(scene):
        sentence.append(word)
        if word.text[-1] in ".?!":
            text = " ".join(w.text for w in sentence)
            span = f"{_clock(sentence[0].in_ms)} --> {_clock(sentence[-1].out_ms)}"
            blocks.append(f"{len(blocks) + 1}\n{span}\n{text}\n")
            sentence = []
    return "\n".join(blocks)


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _only_sound(scene: Scene, path: Path) -> Truth:
    command = [*QUIET, *_sound_input(scene, path), *_audio(scene.coding), *BITEXACT, str(path)]
    subprocess.run(command, check=True)
    return truth_of(scene, [])
