"""Every scene by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.media.scene import Scene
from tests.media.talk import talk

SCENES: dict[str, Callable[[], Scene]] = {"talk": talk}
