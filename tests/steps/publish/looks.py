"""The report in a real Chromium, where a server's policy allows it no script."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

HARNESS = """<!doctype html><body><script>
const frame = document.createElement("iframe");
frame.width = 800; frame.height = 900; frame.src = "report.html";
frame.onload = () => {
  const page = frame.contentDocument;
  for (const one of page.querySelectorAll("details")) one.open = true;
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT), hidden = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const skipped = node.parentElement.closest("script, style, template, button, video");
    if (skipped || !node.data.trim()) continue;
    const range = page.createRange();
    range.selectNodeContents(node);
    const look = page.defaultView.getComputedStyle(node.parentElement);
    if (!range.getBoundingClientRect().height || look.color === look.backgroundColor)
      hidden.push(node.data.trim());
  }
  const look = (one) => page.defaultView.getComputedStyle(one);
  document.body.dataset.found = JSON.stringify({
    hidden,
    text: page.body.innerText.length,
    styled: look(page.querySelector(".card")).borderRadius,
    windows: [...new Set([...page.querySelectorAll(".window, .frame")].map((x) => look(x).fill))],
    video: page.querySelector("video").getBoundingClientRect().width,
  });
};
document.body.append(frame);
</script>"""
"""Shows the report in a frame and says what of its text is hidden."""


def looked_at(chromium: Path, address: str, profile: Path) -> tuple[dict[str, Any], list[str]]:
    """What the harness at an address found, and the lines of the console."""
    asked = subprocess.run(
        [
            str(chromium), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
            f"--user-data-dir={profile}", "--virtual-time-budget=5000",
            "--enable-logging=stderr", address,
        ],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    said = re.search(r'data-found="([^"]*)"', asked.stdout)
    assert said, asked.stderr
    console = [line for line in asked.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(unescape(said[1])), console


def unexpected(console: list[str]) -> list[str]:
    """What the console says beside the policy's own refusals: of the script, and of the films."""
    refused = ("Blocked script execution", "Loading media from")
    return [line for line in console if not any(one in line for one in refused)]
