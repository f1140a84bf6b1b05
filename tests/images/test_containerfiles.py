"""Rules for every Containerfile; `make check` also lints them with hadolint."""

import re
from pathlib import Path

import pytest

from images import build
from pipelines.environments.declared import PYTHON, VARIABLES

FILES = sorted(build.IMAGES.glob("*.Containerfile"))
MODELS = "models.Containerfile"
"""Copies a folder of models, its whole context, into an image that is there."""
DERIVED = {"step.Containerfile", "download.Containerfile", MODELS}
"""Files that start from another image of ours and keep its user and entry point."""


def instructions(path: Path) -> list[str]:
    """The instructions, one line each, without comments."""
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [line for line in joined.splitlines() if line]


def final_stage(path: Path) -> list[str]:
    told = instructions(path)
    last = max(at for at, line in enumerate(told) if line.startswith("FROM"))
    return told[last:]


def of_kind(path: Path, kind: str) -> list[str]:
    return [line for line in instructions(path) if line.startswith(f"{kind} ")]


@pytest.fixture(params=FILES, ids=lambda path: path.name)
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_there_are_files() -> None:
    assert {path.name for path in FILES} > DERIVED


def test_a_base_has_a_version(file: Path) -> None:
    defaults = [line.split("=", 1)[1] for line in of_kind(file, "ARG") if "=" in line]
    bases = [value for value in defaults if ":" in value]
    assert bases
    assert not any(base.endswith(":latest") for base in bases)
    stages = [line.split()[1] for line in of_kind(file, "FROM")]
    assert all(base.startswith("${") or base in ("packages",) for base in stages)


def test_the_labels_state_licences_and_base(file: Path) -> None:
    labels = " ".join(of_kind(file, "LABEL"))
    licensed = re.search(r'image\.licenses="([^"]*)"', labels)
    if file.name == "step.Containerfile":  # adds nothing to the base, whose label it has
        assert licensed is None
        return
    assert licensed
    assert licensed[1] == "${LICENCES}"
    assert "ARG LICENCES=LicenseRef-unknown" in final_stage(file)
    assert ('image.base.name="${BASE}"' in labels) == (file.name not in DERIVED)


def test_packages_are_installed_by_hash_and_as_wheels(file: Path) -> None:
    for line in of_kind(file, "RUN"):
        for command in re.split(r"&&|;", line):
            if re.search(r"pip .*\binstall\b", command):
                offline = "--no-index" in command and "--no-deps" in command
                assert offline or "--require-hashes" in command, command
            assert not re.search(r"\b(curl|wget|git clone)\b", command)
    assert of_kind(file, "ADD") == []


def test_packages_are_no_layer_that_changes_with_the_code() -> None:
    sources: dict[str, set[str]] = {}
    stage = ""
    for line in instructions(build.IMAGES / "cpu.Containerfile"):
        kind, *words = line.split()
        if kind == "FROM":
            base, stage = words[0], words[-1]
            sources[stage] = set(sources.get(base, ()))
        elif kind == "COPY" and "--from" not in line:
            sources[stage] |= set(words[:-1])
    copied = dict(
        line.removeprefix("COPY --from=").split()[:2][::-1]
        for line in final_stage(build.IMAGES / "cpu.Containerfile")
        if line.startswith("COPY ")
    )
    assert sources[copied["/opt/code"]] >= {"steps", "pipelines"}
    assert not sources[copied["/opt/clipmill"]] & {"steps", "pipelines", "pyproject.toml"}


def test_no_installer_is_left_in_the_image(file: Path) -> None:
    final = final_stage(file)
    assert not [line for line in final if re.search(r"\bpip\b|ensurepip|\buv\b", line)]
    copied = [line for line in final if line.startswith("COPY ") and file.name != MODELS]
    assert not [line for line in copied if "/opt/tools" in line or "--from" not in line]


def test_no_image_runs_as_root(file: Path) -> None:
    users = [line.split()[1] for line in of_kind(file, "USER")]
    assert users == ([] if file.name in DERIVED else ["10001:10001"])


def test_a_step_checks_itself(file: Path) -> None:
    checked = [line for line in final_stage(file) if "--check" in line]
    assert bool(checked) == (file.name not in ("cpu.Containerfile", MODELS))
    if file.name not in DERIVED and checked:
        told = final_stage(file)
        user = next(at for at, line in enumerate(told) if line.startswith("USER "))
        assert user < told.index(checked[0])


def test_models_are_checked_when_they_are_put_in() -> None:
    (copied,) = of_kind(build.IMAGES / MODELS, "COPY")
    assert copied == "COPY . /opt/clipmill/share/clipmill/models/"
    (check,) = of_kind(build.IMAGES / MODELS, "RUN")
    assert check == 'RUN ["python", "-m", "pipelines", "models", "check"]'


def test_no_secret_and_no_proxy_stays_in_an_image(file: Path) -> None:
    text = file.read_text().lower()
    assert not re.search(r"token|password|secret|proxy|pip_index|trusted-host", text)


def test_the_context_holds_what_is_copied(file: Path) -> None:
    allowed = [line[1:] for line in (build.ROOT / ".dockerignore").read_text().splitlines()]
    for line in of_kind(file, "COPY"):
        if "--from" in line or file.name == MODELS:
            continue
        for source in line.split()[1:-1]:
            assert any(source == name or source.startswith(f"{name}/") for name in allowed), source


def test_every_base_has_the_same_python() -> None:
    bases = {line for file in FILES for line in of_kind(file, "ARG") if "python" in line}
    assert bases == {f"ARG BASE=python:{PYTHON}-slim-bookworm"}


def test_an_environment_has_the_variables_that_it_has_on_a_workstation() -> None:
    (told,) = of_kind(build.IMAGES / "environment.Containerfile", "ENV")
    assert {f"{name}={value}" for name, value in VARIABLES.items()} <= set(told.split())
