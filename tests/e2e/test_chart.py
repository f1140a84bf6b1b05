"""The chart's objects, whatever the values, before a real API server."""

from pathlib import Path

import pytest

from tests.charts.helm import Values, template
from tests.charts.matrix import MATRIX
from tests.e2e.release import Release

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_the_server_takes_every_object(release: Release, name: str, tmp_path: Path) -> None:
    values: tuple[Values | Path, ...] = MATRIX[name]
    text = template(tmp_path, *values, namespace=release.namespace.name).stdout
    said = release.namespace.kubectl("apply", "--dry-run=server", "--filename", "-", stdin=text)
    assert "workflowtemplate.argoproj.io/clipmill " in said
    assert len(said.splitlines()) == text.count("\nkind: ")
