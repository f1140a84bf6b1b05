"""The door of the tiny catalogue, as `steps.__main__` is of the real one."""

from __future__ import annotations

import sys

from steps.contract.command import main
from steps.storage.cache import open_cache
from tests.pipelines.tiny import STEPS

sys.exit(main(STEPS[sys.argv[1]], sys.argv[2:], open_cache))
