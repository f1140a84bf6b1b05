"""The cluster, the images, the bucket, the callback and the installed chart, once a session."""

import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.comparisons import not_compared, program
from tests.e2e import images
from tests.e2e.namespace import tool
from tests.e2e.release import Release, install
from tests.e2e.surroundings import OUT_OF_SERVICE, Surroundings
from tests.media.fixtures import Film, start_of
from tests.servers import S3Server, serve_s3
from tests.steps.notify.receiver import Receiver, receiver

GPU_NODE = (
    "test_model_server.py",
    "test_gpu_profile.py",
    "test_engines.py",
    "test_doctor.py",
    "test_lost_node.py",
)
"""Files whose tests use the only GPU, or lose its node."""


class InTurn(LoadFileScheduling):
    """The tests of a file on one worker, and all that need the GPU's node on the same one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "the GPU's node" if file.endswith(GPU_NODE) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> InTurn:
    return InTurn(config, log)


@pytest.fixture(scope="session")
def surroundings() -> Surroundings:
    """The cluster; without one, every test skips."""
    found = Surroundings.of_environment()
    if lacking := found.missing():
        not_compared("a Kubernetes cluster", f"set {lacking} (tests/e2e/README.md)")
    for name in ("kubectl", "helm"):
        program(name, "a Kubernetes cluster")
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever ends this, what was made is removed
        signal.signal(number, signal.default_int_handler)
    return found


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("e2e")


@pytest.fixture(scope="session")
def tag(surroundings: Surroundings, work: Path, pytestconfig: pytest.Config) -> str:
    """The tag of the images of this working tree, in the registry; one worker builds them."""
    begun = time.monotonic()
    with images.only_one_builder():
        made = images.build_and_push(surroundings, work / "images.log")
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():  # a worker's stdout belongs to pytest-xdist
        print(f"\nimages {made}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return made


@pytest.fixture(scope="session")
def bucket(surroundings: Surroundings, work: Path) -> Iterator[S3Server]:
    """An S3 server that pods reach."""
    folder = work / "s3"
    folder.mkdir()
    with serve_s3(folder, surroundings.host) as server:
        yield server


@pytest.fixture(scope="session")
def callback(surroundings: Surroundings) -> Iterator[Receiver]:
    """A webhook receiver that pods reach."""
    with receiver(204, host=surroundings.host) as state:
        yield state


@pytest.fixture(scope="session")
def release(
    surroundings: Surroundings, tag: str, bucket: S3Server, callback: Receiver, work: Path
) -> Iterator[Release]:
    """The chart with the CPU profile."""
    name = f"clipmill-e2e-{uuid.uuid4().hex[:6]}"
    with install(name, surroundings, tag, bucket, callback, work) as made:
        yield made


@pytest.fixture(scope="session")
def short_source(bucket: S3Server, media: Callable[[str], Film]) -> str:
    """A scene of 22 s in the bucket."""
    return _in_bucket(bucket, media("short")[0])


@pytest.fixture(scope="session")
def opening(bucket: S3Server, media: Callable[[str], Film], work: Path) -> str:
    """Its first eight seconds, for jobs whose clips are given."""
    return _in_bucket(bucket, start_of(media("short")[0], 8, work / "opening.mp4"))


def _in_bucket(bucket: S3Server, path: Path) -> str:
    key = f"sources/{path.name}"
    bucket.client().upload_file(str(path), bucket.bucket, key)
    return f"s3://{bucket.bucket}/{key}"


@pytest.fixture
def control(surroundings: Surroundings) -> Surroundings:
    """The cluster, when the tests may break and repair it."""
    if not surroundings.control:
        not_compared("jobs on a cluster that breaks", "set E2E_CONTROL (tests/e2e/README.md)")
    return surroundings


@pytest.fixture
def repaired(control: Surroundings) -> Iterator[Surroundings]:
    """The cluster, which is whole again after the test."""
    try:
        yield control
    finally:
        control.cluster("up")
        tool("kubectl", "taint", "nodes", "--all", f"{OUT_OF_SERVICE}-", check=False)
        tool("kubectl", "wait", "--for=condition=Ready", "nodes", "--all", "--timeout=120s")
