"""audio.flac is on the source's clock, and the same on every CPU."""

import ctypes
import io
from contextlib import nullcontext
from pathlib import Path

import av
import numpy as np
import pytest

from steps.__main__ import main
from steps.contract.errors import UnsupportedMedia
from steps.contract.receipt import file_sha256
from steps.media import ffmpeg
from steps.media.audio import samples
from steps.media.mono import (
    DecodedSound,
    hear,
    heard_arguments,
    quick_arguments,
    sound_filter,
    write_flac,
)
from steps.media.probe import probe
from steps.media.stamped import MONO, LaidOut, fill
from tests.steps import numbered

SAMPLE = Path(__file__).parents[2] / "media" / "sample" / "talk.mp4"
STEREO = sound_filter(("FL", "FR"), "stereo")
HOLE = ("-bsf:a", "noise=drop='between(n,60,90)'")
DAMAGE = ("-bsf:a", "noise=amount='if(eq(mod(n,50),30),1,0)'")
CPUS = ("0", "sse2+ssse3+sse4.2", "avx+sse4.2", "avx2+fma3", "all")


def made(folder: Path, cpu: str) -> tuple[str, str]:
    """Digests of the sound with and without the option, on a CPU with these instructions."""
    film = folder / "film.mkv"
    if not film.exists():
        tones = "aevalsrc='0.4*sin(1234*t)+0.3*sin(9876*t*t)|0.5*sin(4321*t)':sample_rate=44100"
        numbered.make(film, sound=tones, options=(*numbered.X264, "-c:a", "aac"))
    digests = []
    for same in (True, False):
        heard, filled = (folder / name for name in ("heard.nut", "filled.wav"))

        def run(arguments: list[str], *, same: bool = same) -> None:
            assert arguments[:2] == list(ffmpeg.SAME_ON_ALL_CPUS)
            ffmpeg.run(["-cpuflags", cpu, *arguments[0 if same else 2 :]], cwd=folder)

        run(quick_arguments(film, STEREO, heard))
        with filled.open("wb") as file:
            fill(heard, file, 160_000)
        digests.append(file_sha256(filled))
    return digests[0], digests[1]


def test_the_bytes_are_the_same_on_every_cpu(tmp_path: Path) -> None:
    """ffmpeg's own choice of instructions differs, on a machine that has more than one."""
    found = [made(tmp_path, cpu) for cpu in CPUS]
    assert len({same for same, _ in found}) == 1
    machine = Path("/proc/cpuinfo")
    if machine.exists() and " fma " in machine.read_text():
        assert len({own for _, own in found}) > 1


def test_flac_is_the_same_on_every_cpu(tmp_path: Path) -> None:
    """PyAV's libavutil is told that this CPU has no instructions of its own."""
    found = list((Path(av.__file__).parents[1] / "av.libs").glob("libavutil*"))
    if not found:
        pytest.skip("the library has another place in this PyAV")
    library, flac, sweep = ctypes.CDLL(str(found[0])), tmp_path / "a.flac", tmp_path / "sweep.wav"
    at_s = np.arange(200_000) / 16_000
    wave = (8000 * np.sin(2 * np.pi * (100 * at_s + 300 * at_s**2))).astype("<i2")
    digests = set()
    for flags in (0, -1):  # none, and all
        library.av_force_cpu_flags(flags)
        sweep.write_bytes(MONO.header + wave.tobytes())
        layout = LaidOut(wave.size, 0, 12_500, 0)
        write_flac(DecodedSound(sweep, layout, has_changed=False), layout.end_ms, flac)
        digests.add(file_sha256(flac))
    assert len(digests) == 1
    assert (samples(flac) == wave).all()


@pytest.mark.parametrize("damage", [(), DAMAGE, HOLE], ids=["whole", "damaged", "hole"])
def test_sound_is_decoded_alike_in_one_thread_and_in_several(
    damage: tuple[str, ...], tmp_path: Path
) -> None:
    """The quick way gives up at the first damaged packet, and keeps no hole."""
    sound, heard = tmp_path / "sound.mka", tmp_path / "heard.nut"
    start = ["-itsoffset", "1.234", "-i", str(SAMPLE), "-t", "8", "-map", "0:a", "-copyts"]
    ffmpeg.run([*start, "-c", "copy", *damage, str(sound)])
    ffmpeg.run(heard_arguments(sound, STEREO, heard))
    with (tmp_path / "wanted.wav").open("wb") as file:
        wanted = fill(heard, file, 160_000)
    found = hear(sound, "stereo", ("FL", "FR"), 10_000, print)
    assert found.layout == wanted
    assert found.layout.start_ms == 1234
    assert found.path.read_bytes() == (tmp_path / "wanted.wav").read_bytes()
    with pytest.raises(UnsupportedMedia) if damage == DAMAGE else nullcontext():
        ffmpeg.run(quick_arguments(sound, STEREO, heard), cwd=tmp_path)


def test_sound_that_ends_before_the_picture_starts_is_refused(tmp_path: Path) -> None:
    film, late = tmp_path / "film.mkv", ["-itsoffset", "20"]
    picture = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1"]
    tone = ["-f", "lavfi", "-i", "sine=duration=1"]
    ffmpeg.run([*late, *picture, *tone, *numbered.X264, "-c:a", "aac", str(film)])
    argv = ["download", f"--source={film}", "--out", str(tmp_path / "job")]
    assert main(argv) == UnsupportedMedia.exit_code


def nut(path: Path, *spans: tuple[float, float]) -> Path:
    """Full sound in some spans of seconds, nothing between them."""
    drop = "+".join(f"between(pts*tb,{first},{last - 0.001})" for first, last in spans)
    tone = f"aevalsrc=0.5:sample_rate=16000:duration={spans[-1][1]}:nb_samples=160"
    coding = ["-c:a", "pcm_s16le", "-bsf:a", f"noise=drop='not({drop})'"]
    ffmpeg.run(["-f", "lavfi", "-i", tone, *coding, "-f", "nut", str(path)])
    return path


@pytest.mark.parametrize(
    ("spans", "count", "sounding"),
    [
        ([(0, 1)], 16_000, [(0, 16_000)]),
        ([(0.5, 1)], 16_000, [(8_000, 16_000)]),
        ([(0, 0.3), (0.8, 1)], 16_000, [(0, 4_800), (12_800, 16_000)]),
        ([(0, 0.3), (0.35, 1)], 16_000, [(0, 15_200)]),
        ([(0, 0.3), (0.8, 1)], 10_000, [(0, 4_800)]),
        ([(0.9, 1)], 8_000, []),
    ],
)
def test_holes_become_silence(
    spans: list[tuple[float, float]],
    count: int,
    sounding: list[tuple[int, int]],
    tmp_path: Path,
) -> None:
    file = io.BytesIO()
    fill(nut(tmp_path / "a.nut", *spans), file, count)
    loud = np.frombuffer(file.getvalue()[len(MONO.header) :], np.int16) > 1000
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int)))
    assert loud.size <= count
    assert [(int(a), int(b)) for a, b in edges.reshape(-1, 2)] == sounding


def test_the_sound_ends_with_the_picture(tmp_path: Path) -> None:
    film = numbered.make(tmp_path / "film.mkv")
    audio = probe(film).best_audio
    assert audio is not None
    times: list[int] = []
    flac = tmp_path / "a.flac"
    heard = hear(film, audio.layout, audio.channel_names, 9000, times.append)
    write_flac(heard, 1500, flac)
    assert not heard.has_changed
    assert samples(flac).size == 24_000
    assert times


def test_small_gaps_that_add_up_are_no_hole(tmp_path: Path) -> None:
    """Films in a row leave some milliseconds between their sounds; silence keeps the time."""
    spans = [(n * 0.35, n * 0.35 + 0.3) for n in range(6)]
    layout = fill(nut(tmp_path / "a.nut", *spans), io.BytesIO(), 160_000)
    assert (layout.holes, layout.start_ms) == (0, 0)
    assert layout.end_ms == pytest.approx(2050, abs=100)
    gap = fill(nut(tmp_path / "b.nut", (0, 0.3), (0.8, 1)), io.BytesIO(), 160_000)
    assert gap.holes == 1
