"""The door of the tiny catalogue, as `steps.__main__` is of the real one."""

from __future__ import annotations

import sys

from steps.startup import end_with_parent


def main() -> int:
    from steps.contract.command import main as run_step
    from steps.storage.cache import open_cache
    from tests.pipelines.tiny import STEPS

    return run_step(STEPS[sys.argv[1]], sys.argv[2:], open_cache)


if __name__ == "__main__":
    end_with_parent()
    sys.exit(main())
