"""The report in a real browser, at the widths of a phone, a tablet and a laptop."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from steps.publish.page import page
from tests.comparisons import program
from tests.steps.publish.looks import HARNESS as BARE_HARNESS
from tests.steps.publish.looks import looked_at, unexpected
from tests.steps.publish.talks import documents, manifest

WIDTHS = (390, 768, 1440)
HARNESS = """<!doctype html><body><script>
const found = {}, views = %s;
for (const [name, width] of views) {
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 900; frame.src = name;
  frame.onload = () => {
    const page = frame.contentDocument;
    for (const one of page.querySelectorAll("details")) one.open = true;
    found[`${name} at ${width}`] = {
      over: page.documentElement.scrollWidth - width,
      copy: page.querySelectorAll("button.copy").length,
      styled: getComputedStyle(page.querySelector(".card")).borderRadius,
    };
    if (Object.keys(found).length === views.length) {
      document.body.dataset.found = JSON.stringify(found);
    }
  };
  document.body.append(frame);
}
</script>"""


TITLES = {"usual.html": "A title of some length", "long.html": "W" * 300, "rtl.html": "مرحبا " * 40}


def test_nothing_is_wider_than_the_screen(tmp_path: Path) -> None:
    """The page's own policy holds: its style and its script run, and the console stays empty."""
    chromium = program("chromium", "the report in a browser")
    for name, text in TITLES.items():
        (tmp_path / name).write_bytes(page(documents(text), manifest(text, files=())))
    views = [(name, width) for name in TITLES for width in WIDTHS]
    (tmp_path / "harness.html").write_text(HARNESS % json.dumps(views))
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
    assert {view: one["over"] for view, one in found.items()} == {
        f"{name} at {width}": 0 for name, width in views
    }
    assert {one["copy"] for one in found.values()} == {3}
    assert {one["styled"] for one in found.values()} == {"18px"}
    assert [line for line in asked.stderr.splitlines() if "CONSOLE" in line] == []


BARE = "default-src 'none'; img-src 'self'"
"""The least that a server may allow: no style, no script, no media, no `data:`."""
ARGO = (
    "sandbox allow-same-origin; base-uri 'none'; default-src 'none'; img-src 'self'; "
    "style-src 'self' 'unsafe-inline'"
)
"""What Argo 4.0 sends with artifacts, where nobody has changed it."""


class Bare(SimpleHTTPRequestHandler):
    """Serves a folder: the report under a policy, other pages without one."""

    policy = BARE

    def end_headers(self) -> None:
        if self.path == "/report.html":
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(("policy", "corners"), [(BARE, "0px"), (ARGO, "18px")])
def test_all_text_is_readable_without_script(policy: str, corners: str, tmp_path: Path) -> None:
    chromium = program("chromium", "the report in a browser")
    (tmp_path / "report.html").write_bytes(page(documents("A title"), manifest("A title")))
    (tmp_path / "harness.html").write_text(BARE_HARNESS)
    handler = partial(type("Served", (Bare,), {"policy": policy}), directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        address = f"http://127.0.0.1:{server.server_port}/harness.html"
        found, console = looked_at(chromium, address, tmp_path / "profile")
    assert found["styled"] == corners  # the policy holds: without style, a card has no corners
    assert found["hidden"] == []
    assert found["text"] > 1000
    assert 270 <= found["video"] <= 272
    if policy == ARGO:
        assert unexpected(console) == []
    else:
        assert found["windows"] == ["none"]
