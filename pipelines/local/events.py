"""What the executor tells whoever watches it."""

from __future__ import annotations

from steps.contract.receipt import Failure


class Listener:
    """Told of every change, from the executor's own thread; as it stands, it says nothing."""

    def expected(self, instances: int) -> None:
        """How many task instances there will be, as far as is known now."""

    def started(self, instance: str) -> None:
        """A process was started."""

    def progressed(self, instance: str, percent: int) -> None:
        """A running process says how far it is."""

    def finished(self, instance: str, *, cached: bool) -> None:
        """A task instance has its outputs."""

    def retried(self, instance: str, failure: Failure, in_s: float) -> None:
        """A passing fault: it will be tried again."""

    def failed(self, instance: str, failure: Failure) -> None:
        """A task instance failed for good."""
