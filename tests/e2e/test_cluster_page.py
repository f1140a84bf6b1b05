"""docs/cluster.md from the empty namespace to the first clip, and away again, as it is written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipelines.argo.lint.checks import lint
from tests.e2e.namespace import Namespace, tool
from tests.e2e.release import CHART
from tests.e2e.surroundings import Surroundings
from tests.e2e.waiting import until
from tests.markdown import blocks
from tests.servers import S3Server

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs" / "cluster.md"
SPACE = "clipmill-e2e-page"
WITHIN_S = 1500
LAST = "Upgrade, clean up"


class Reader:
    """Somebody who follows the page in a shell, in surroundings of their own."""

    def __init__(
        self, folder: Path, surroundings: Surroundings, tag: str, store: S3Server, source: str
    ) -> None:
        self.folder = folder
        self.adapted = {
            "-n clips": f"-n {SPACE}",
            "namespace clips": f"namespace {SPACE}",
            'namespace="clips"': f'namespace="{SPACE}"',
            "ARGO_NAMESPACE=clips": f"ARGO_NAMESPACE={SPACE}",
            "https://argo.example.com": surroundings.argo_server,
            "endpoint: s3.amazonaws.com": (
                f"endpoint: {store.endpoint.removeprefix('http://')}\n  insecure: true"
            ),
            "registry: registry.example.com/team": (
                f"registry: {surroundings.registry}\n  tag: {tag}"
            ),
            "s3://my-bucket/uploads/talk.mp4": source,
            "my-bucket": store.bucket,
        }
        own = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment = {
            **os.environ, **store.environment(), "PATH": own, "HOME": str(folder),
            "KUBECONFIG": surroundings.kubeconfig,
        }  # fmt: skip

    def texts(self, language: str) -> list[tuple[str, str]]:
        found = []
        for block in blocks(PAGE):
            text = block.text
            for there, here in self.adapted.items():
                text = text.replace(there, here)
            if block.language == language:
                found.append((block.section, text))
        return found

    def run(self, *words: str, **environment: str) -> str:
        done = subprocess.run(
            words, cwd=self.folder, env={**self.environment, **environment},
            capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def reader(
    surroundings: Surroundings, tag: str, bucket: S3Server, short_source: str, work: Path
) -> Iterator[Reader]:
    folder = work / "page"
    folder.mkdir()
    (folder / "charts").symlink_to(CHART.parent)
    try:
        yield Reader(folder, surroundings, tag, bucket, short_source)
    finally:
        tool("kubectl", "delete", "namespace", SPACE, "--ignore-not-found", "--timeout=120s")


@pytest.fixture(scope="module")
def installed(reader: Reader) -> str:
    """What the shell says up to the first clip's results."""
    script = [text for section, text in reader.texts("bash") if section != LAST]
    return reader.run("bash", "-euo", "pipefail", "-c", "\n".join(script))


def test_the_page_leads_to_the_first_clip(installed: str) -> None:
    lines = installed.splitlines()
    assert not [line for line in lines if line.startswith("wrong")]
    assert any(line.startswith("first submitted: ") for line in lines)
    assert any("/jobs/first/clips/clip_01.mp4?" in line for line in lines)


def test_a_job_by_hera(reader: Reader, installed: str) -> None:
    (_, script), _ = reader.texts("python")
    token = tool("kubectl", "-n", SPACE, "create", "token", "clipmill-submitter").strip()
    server = reader.adapted["https://argo.example.com"]
    said = reader.run(sys.executable, "-c", script, ARGO_SERVER=server, ARGO_TOKEN=token)
    assert said == "second\n"
    space = Namespace(SPACE)
    until("its beginning", lambda: space.phase("second") in ("Running", "Succeeded"), 120)
    listed = reader.run(
        str(Path(sys.executable).with_name("clipmill")), "list", "--json",
        ARGO_SERVER=server, ARGO_TOKEN=token, ARGO_NAMESPACE=SPACE,
    )  # fmt: skip
    assert {job["job"] for job in json.loads(listed)["jobs"]} == {"first", "second"}


def test_a_template_of_ones_own(reader: Reader) -> None:
    _, (_, script) = reader.texts("python")
    document = yaml.safe_load(reader.run(sys.executable, "-c", script))
    assert document["metadata"]["name"] == "clipmill-large"
    assert document["spec"]["activeDeadlineSeconds"] == 12 * 3600
    images = {
        item["name"]: item["container"]["image"]
        for item in document["spec"]["templates"]
        if "container" in item
    }
    assert images["cut"] == "my/cut:1"
    assert lint(document) == []


def test_the_page_leaves_nothing_behind(reader: Reader, installed: str) -> None:
    script = [text for section, text in reader.texts("bash") if section == LAST]
    reader.run("bash", "-euo", "pipefail", "-c", "\n".join(script))
    until("its end", lambda: not tool("kubectl", "get", "ns", SPACE, "--ignore-not-found"), 120)
