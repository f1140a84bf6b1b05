"""The encoders of `--encoder`: a profile each, tried on one picture before it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from steps.contract.errors import HostFault, StepError, Transient
from steps.media.ffmpeg import run

B_FRAMES = 2
X264_THREADS = 4
"""On every machine, because the number shows in the bytes. Against one thread, four make the file
larger by a ten-thousandth and cost the same CPU time; they hold 80 MiB more."""
QUICK = ":mbtree=1:rc-lookahead=10:b-adapt=0"
"""x264's `superfast` with the macroblock tree of `veryfast`, by ten frames. Measured on four films
at equal SSIM (within 0.1 dB): two thirds of the CPU time of `veryfast` for 7 to 9 % more bytes, and
26 % for a soft film that hardly moves; without the tree 50 % more to nine times as many."""
VAAPI_DEVICE = "/dev/dri/renderD128"
TRIED_PX = 256
"""Side of the picture that is tried: NVENC takes none under 145 px."""

Options = Callable[[int, int], list[str]]
"""Output options by x264's quality (its constant rate factor) and the frames between key frames."""


@dataclass(frozen=True)
class Encoder:
    """One way to encode.

    Attributes:
        name: the value of `--encoder`.
        options: of the output's picture.
        device: options of the whole command.
        upload: filters at the graph's end that hand the pictures over.
    """

    name: str
    options: Options
    device: tuple[str, ...] = ()
    upload: str = ""


def x264(preset: str) -> Encoder:
    """The one that gives the same bytes everywhere.

    x264 closes every group of pictures by itself; CABAC and the 8x8 transform make it High profile
    at any preset; a fixed number of threads and no rate control buffer make it repeat byte for
    byte, and `cpu-independent` and the integer DCT make it the same bytes on every CPU.
    """
    return Encoder("x264", partial(_x264, preset))


def _x264(preset: str, quality: int, key_gap: int) -> list[str]:
    gap = str(key_gap)
    return [
        "-c:v", "libx264", "-preset", preset, "-crf", str(quality), "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-threads", str(X264_THREADS), "-bf", str(B_FRAMES),
        "-g", gap, "-keyint_min", gap, "-sc_threshold", "0", "-coder", "ac", "-8x8dct", "1",
        "-x264-params", "cpu-independent=1" + (QUICK if preset == "superfast" else ""),
    ]  # fmt: skip


def _nvenc(quality: int, key_gap: int) -> list[str]:
    return [
        "-c:v", "h264_nvenc", "-preset", "p5", "-tune", "hq", "-rc", "vbr", "-cq", str(quality),
        "-b:v", "0", "-profile:v", "high", "-pix_fmt", "yuv420p", "-bf", str(B_FRAMES),
        "-g", str(key_gap), "-no-scenecut", "1", "-strict_gop", "1", "-coder", "cabac",
    ]  # fmt: skip


def _videotoolbox(quality: int, key_gap: int) -> list[str]:
    return [
        "-c:v", "h264_videotoolbox", "-q:v", str(100 - 2 * quality), "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-bf", str(B_FRAMES), "-g", str(key_gap), "-coder", "cabac",
    ]  # fmt: skip


def _vaapi(quality: int, key_gap: int) -> list[str]:
    return [
        "-c:v", "h264_vaapi", "-rc_mode", "CQP", "-qp", str(quality), "-profile:v", "high",
        "-bf", str(B_FRAMES), "-g", str(key_gap), "-coder", "cabac",
    ]  # fmt: skip


HARDWARE = {
    one.name: one
    for one in (
        Encoder("nvenc", _nvenc),
        Encoder("videotoolbox", _videotoolbox),
        Encoder("vaapi", _vaapi, ("-vaapi_device", VAAPI_DEVICE), "format=nv12,hwupload"),
    )
}
"""By the value of `--encoder`, in the order in which `auto` tries them."""


def choose(asked: str, preset: str) -> tuple[Encoder, str]:
    """The encoder to use, and why it is another one than was asked for; else an empty text."""
    if asked == "x264":
        return x264(preset), ""
    reasons = []
    for encoder in HARDWARE.values() if asked == "auto" else (HARDWARE[asked],):
        reason = lacks(encoder)
        if not reason:
            return encoder, ""
        reasons.append(f"{encoder.name}: {reason}")
    return x264(preset), "; ".join(reasons)


def lacks(encoder: Encoder) -> str:
    """Why an encoder cannot be used here, by encoding one picture; empty if it can.

    Raises:
        HostFault: as `steps.media.ffmpeg.run`.
        Transient: likewise.
    """
    picture = f"color=gray:s={TRIED_PX}x{TRIED_PX}:r=25,format=yuv420p"
    drawn = f"{picture},{encoder.upload}" if encoder.upload else picture
    try:
        run([*encoder.device, "-f", "lavfi", "-i", drawn, "-frames:v", "1",
             *encoder.options(20, 12), "-f", "null", "-"])  # fmt: skip
    except (HostFault, Transient):
        raise
    except StepError as error:
        known = "Unknown encoder" not in str(error)
        return "it encodes nothing on this machine" if known else "this ffmpeg lacks it"
    return ""
