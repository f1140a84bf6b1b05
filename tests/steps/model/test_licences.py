"""The licences that are stated are those that the installed files show."""

from __future__ import annotations

import subprocess
from importlib.metadata import distribution

import imageio_ffmpeg
import pytest

from steps.model.licences import (
    CORRECTIONS,
    UNKNOWN,
    Licensed,
    combined,
    installed,
    licence_of,
)
from steps.model.weights import EMBEDDED


def test_every_package_and_every_weights_file_has_a_known_licence() -> None:
    assert [one.package for one in installed(extras=["argo"]) if one.licence == UNKNOWN] == []
    assert [one.name for one in EMBEDDED if not one.licence] == []


@pytest.mark.parametrize(
    ("package", "licence"),
    [
        ("mutagen", "GPL-2.0-or-later"),
        ("nudenet", "AGPL-3.0-only"),
        ("imageio_ffmpeg", "BSD-2-Clause AND GPL-3.0-or-later"),
        ("rich", "MIT"),
        ("protobuf", "BSD-3-Clause"),
        ("tokenizers", "Apache-2.0"),
        ("no-such-package", UNKNOWN),
    ],
)
def test_the_licence_of_a_package(package: str, licence: str) -> None:
    assert licence_of(package) == licence


def test_the_ffmpeg_program_states_gpl_3() -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-L"]
    stated = " ".join(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    )
    assert "GNU General Public License" in stated
    assert "either version 3 of the License, or (at your option) any later version" in stated


def test_the_wheel_of_nudenet_carries_the_agpl() -> None:
    files = [file for file in distribution("nudenet").files or () if "LICENSE" in file.name]
    assert files
    assert all("GNU AFFERO GENERAL PUBLIC LICENSE" in file.read_text() for file in files)


def test_no_correction_repeats_the_metadata() -> None:
    correct = {
        name for name, (licence, _) in CORRECTIONS.items() if name not in ("deno", "ultralytics")
    }
    assert correct <= {one.package for one in installed()}


def test_extras_are_followed_only_when_asked_for() -> None:
    assert "hera" not in {one.package for one in installed()}
    assert "hera" in {one.package for one in installed(extras=["argo"])}


def test_licences_combine_into_one_expression() -> None:
    packages = [
        Licensed("a", "1", "MIT AND ISC", ""),
        Licensed("b", "1", "MIT", ""),
        Licensed("c", "1", "MIT OR Apache-2.0", ""),
    ]
    assert combined(packages) == "ISC AND MIT AND (MIT OR Apache-2.0)"
    assert [Licensed("d", "1", text, "").is_copyleft for text in ("GPL-3.0-only", "MIT")] == [
        True,
        False,
    ]
