"""The report in a real browser, at the widths of a phone, a tablet and a laptop."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from steps.publish.page import page
from tests.comparisons import program
from tests.steps.publish.talks import documents, manifest

WIDTHS = (390, 768, 1440)
HARNESS = """<!doctype html><body><script>
const found = {}, widths = %s;
for (const width of widths) {
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 900; frame.src = "report.html";
  frame.onload = () => {
    const page = frame.contentDocument;
    for (const one of page.querySelectorAll("details")) one.open = true;
    found[width] = {
      over: page.documentElement.scrollWidth - width,
      copy: page.querySelectorAll("button.copy").length,
      styled: getComputedStyle(page.querySelector(".card")).borderRadius,
    };
    if (Object.keys(found).length === widths.length) {
      document.body.dataset.found = JSON.stringify(found);
    }
  };
  document.body.append(frame);
}
</script>"""


@pytest.mark.parametrize("text", ["A title of some length", "W" * 300, "مرحبا " * 40])
def test_nothing_is_wider_than_the_screen(tmp_path: Path, text: str) -> None:
    """The page's own policy holds: its style and its script run, and the console stays empty."""
    chromium = program("chromium", "the report in a browser")
    (tmp_path / "report.html").write_bytes(page(documents(text), manifest(text, files=())))
    (tmp_path / "harness.html").write_text(HARNESS % json.dumps(WIDTHS))
    asked = subprocess.run(
        [
            str(chromium), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
            f"--user-data-dir={tmp_path / 'profile'}", "--allow-file-access-from-files",
            "--virtual-time-budget=5000", "--enable-logging=stderr", "--hide-scrollbars",
            (tmp_path / "harness.html").as_uri(),
        ],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    said = re.search(r'data-found="([^"]*)"', asked.stdout)
    assert said, asked.stderr
    found = json.loads(unescape(said[1]))
    assert {width: one["over"] for width, one in found.items()} == {
        str(width): 0 for width in WIDTHS
    }
    assert {one["copy"] for one in found.values()} == {3}
    assert {one["styled"] for one in found.values()} == {"18px"}
    assert [line for line in asked.stderr.splitlines() if "CONSOLE" in line] == []
