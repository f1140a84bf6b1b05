"""Which commands `make images` runs, without running them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from images import build
from pipelines.environments.declared import ENVIRONMENTS
from steps.catalogue import EXIT_NAMES, NAMES

SCRIPT = str(build.IMAGES / "build.py")
Printed = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Return a function: words of the command line -> its exit code and the lines it prints."""

    def call(*words: str) -> tuple[int, list[str]]:
        monkeypatch.setattr(sys, "argv", [SCRIPT, "--tool", "buildah", "--print", *words])
        try:
            code = build.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, capsys.readouterr().err.splitlines()

    return call


def test_the_base_comes_first_then_every_step() -> None:
    base, *others = build.images([], prefix="r/", tag="1")
    assert base.name == "r/clipmill-cpu:1"
    assert set(base.arguments) == {"LICENCES"}
    assert {image.name for image in others} == {
        f"r/clipmill-{name}:1" for name in (*NAMES, *EXIT_NAMES)
    }
    for image in others:
        assert image.arguments["BASE"] == base.name
        assert image.name == f"r/clipmill-{image.arguments['STEP']}:1"


def test_a_step_with_a_file_of_its_own_uses_it() -> None:
    files = {image.arguments.get("STEP"): image.file.name for image in build.images([], **NAMED)}
    assert files["download"] == "download.Containerfile"
    assert files["cut"] == "step.Containerfile"


NAMED = {"prefix": "", "tag": "1"}


def test_the_base_is_replaced_only_where_it_is_used() -> None:
    first, second = build.images(["cut"], base="debian@sha256:1", **NAMED)
    assert first.arguments["BASE"] == "debian@sha256:1"
    assert second.arguments["BASE"] == first.name


def test_there_is_one_gpu_image_per_environment_from_the_same_base() -> None:
    found = build.images([], base="debian@sha256:1", cuda=True, **NAMED)
    assert {image.name for image in found} == {f"clipmill-{name}:1" for name in ENVIRONMENTS}
    for image in found:
        assert image.arguments["CPU"] == "clipmill-cpu:1"
        assert image.arguments["BASE"] == "debian@sha256:1"
        assert set(image.arguments["STEPS"].split()) == {*NAMES, *EXIT_NAMES}
        lock = ENVIRONMENTS[image.arguments["ENVIRONMENT"]].lock("cuda")
        assert image.arguments["LOCK"] == lock.name


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A model folder with a lock."""
    lock = {"models": {"yolov8n-face": {"files": {}}, "one-of-ours": {"files": {}}}}
    (tmp_path / "models.lock").write_text(json.dumps(lock))
    return tmp_path


def test_models_go_into_the_base_of_the_steps(models: Path) -> None:
    base, filled, cut = build.images(["cut"], models=models, **NAMED)
    assert filled.name == base.name == cut.arguments["BASE"] == filled.arguments["BASE"]
    assert filled.file.name == "models.Containerfile"
    assert build.build_command("buildah", filled, [])[-1] == str(models)
    assert "AGPL-3.0-only" in parts(filled.arguments["LICENCES"])
    assert parts(base.arguments["LICENCES"]) <= parts(filled.arguments["LICENCES"])


def test_models_go_into_the_image_of_each_environment(models: Path) -> None:
    image, filled = build.images(["vision"], cuda=True, models=models, **NAMED)
    assert filled.name == image.name == filled.arguments["BASE"]


def test_a_folder_without_a_lock_is_no_model_folder(tmp_path: Path, printed: Printed) -> None:
    code, lines = printed("--models", str(tmp_path))
    assert code == 80
    assert "has no models.lock: fill it with `clipmill models fetch NAME --to" in lines[-1]


def parts(expression: str) -> set[str]:
    return set(expression.split(" AND "))


def test_the_labels_name_the_licences_of_what_is_inside() -> None:
    base, download = build.images(["download"], **NAMED)
    inside = {"Apache-2.0", "GPL-3.0-or-later", "GPL-2.0-or-later", "AGPL-3.0-only", "OFL-1.1"}
    assert inside <= parts(base.arguments["LICENCES"])
    for image in (base, download):
        assert "LicenseRef-unknown" not in image.arguments["LICENCES"]
    assert parts(base.arguments["LICENCES"]) <= parts(download.arguments["LICENCES"])


def test_a_licence_that_nobody_states_is_called_unknown() -> None:
    (vision,) = build.images(["vision"], cuda=True, **NAMED)
    found = parts(vision.arguments["LICENCES"])
    assert {"AGPL-3.0-only", "GPL-3.0-or-later", "LicenseRef-unknown"} <= found  # CUDA's wheels


def test_packages_of_other_systems_do_not_count() -> None:
    assert "colorama" in build.LAPTOP_LOCK.read_text()
    lines = build._PIN.findall(build.LAPTOP_LOCK.read_text())
    names = {line.partition("==")[0] for line in lines if build._is_on_linux(Requirement(line))}
    assert "colorama" not in names
    assert {"numpy", "nudenet", "httpx"} <= names


@pytest.mark.parametrize(
    ("tool", "begins"), [("docker", ["docker", "build"]), ("buildah", ["buildah", "bud"])]
)
def test_both_tools_get_the_same_arguments(tool: str, begins: list[str]) -> None:
    image = build.Image("name:1", Path("file"), {"STEP": "cut"})
    command = build.build_command(tool, image, ["--extra"])
    assert command[:2] == begins
    told = ["--file", "file", "--tag", "name:1", "--build-arg", "STEP=cut", "--extra"]
    assert command[-1 - len(told) :] == [*told, str(build.ROOT)]


def test_extra_options_come_from_the_environment_too(
    monkeypatch: pytest.MonkeyPatch, printed: Printed
) -> None:
    monkeypatch.setenv("IMAGES_EXTRA", "--volume /a:/b:ro")
    code, lines = printed("cut")
    assert (code, len(lines)) == (0, 2)
    assert all("--volume /a:/b:ro" in line for line in lines)


def test_each_image_is_pushed_after_it_is_built() -> None:
    """In a process of its own, as `make images` runs it."""
    words = ["cut", "--push", "--prefix", "r/", "--tag", "1", "--push-extra=--quiet"]
    done = subprocess.run(
        [sys.executable, SCRIPT, "--tool", "buildah", "--print", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    pushed = [line for line in lines if " push " in line]
    assert pushed == [
        "+ buildah push --quiet r/clipmill-cpu:1",
        "+ buildah push --quiet r/clipmill-cut:1",
    ]
    assert lines[1] == pushed[0]


def test_an_image_is_pushed_beside_the_next_build(tmp_path: Path) -> None:
    pushing, built = tmp_path / "pushing", tmp_path / "built"
    push = [*SHELL, f"touch {pushing}; until [ -e {built} ]; do sleep .05; done"]
    second = [*SHELL, f"until [ -e {pushing} ]; do sleep .05; done; touch {built}"]
    assert build.make([(["true"], push), (second, ["true"])]) == 0


@pytest.mark.parametrize("at", range(4))
def test_the_first_failure_ends_it(at: int, tmp_path: Path) -> None:
    """What began beside a push that fails may go on."""
    begun = [tmp_path / name for name in ("build 1", "push 1", "build 2", "push 2")]
    commands = [
        [*SHELL, 'touch "$1"; exit $2', "-", str(path), str(4 if place == at else 0)]
        for place, path in enumerate(begun)
    ]
    assert build.make([(commands[0], commands[1]), (commands[2], commands[3])]) == 4
    assert all(path.exists() for path in begun[: at + 1])
    if at != 1:
        assert not any(path.exists() for path in begun[at + 1 :])


SHELL = ["sh", "-c"]


@pytest.mark.parametrize("words", [["nothing"], ["--cuda", "transcribe"]])
def test_an_unknown_name_is_refused(words: list[str], printed: Printed) -> None:
    code, lines = printed(*words)
    assert code == 80
    assert f"{words[-1]!r}" in lines[-1]
