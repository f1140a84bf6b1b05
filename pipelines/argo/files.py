"""The rendered templates as files, which the chart carries."""

from __future__ import annotations

from pathlib import Path

from pipelines.argo.template import TEMPLATES, render


def write_templates(folder: Path) -> list[Path]:
    """Write every template to `folder/NAME.yaml` and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in TEMPLATES:
        path = folder / f"{name}.yaml"
        path.write_text(render(name))
        written.append(path)
    return written
