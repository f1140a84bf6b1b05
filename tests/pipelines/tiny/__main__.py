"""The door of the tiny catalogue, as `steps.__main__` is of the real one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from steps.startup import end_with_parent, light_imports, quiet_interrupts

if TYPE_CHECKING:
    from steps.contract.cache import Cache


def main() -> int:
    with quiet_interrupts(), light_imports():
        from steps.contract.command import main as run_step
        from tests.pipelines.tiny.catalogue import STEPS

    return run_step(STEPS[sys.argv[1]], sys.argv[2:], _open_cache)


def _open_cache(uri: str) -> Cache:
    from steps.storage.cache import open_cache

    return open_cache(uri)


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())
