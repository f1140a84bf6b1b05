"""publish: the edit list, and last of all the manifest."""

from steps.contract import Params, Resources, Step
from steps.model import artifacts


class PublishParams(Params):
    """It has none."""


STEP = Step(
    name="publish",
    summary="Write edl.json, and the manifest that commits the job.",
    params=PublishParams,
    reads=(artifacts.SOURCE_META, artifacts.CLIPS, artifacts.RECEIPTS),
    writes=(artifacts.EDL, artifacts.MANIFEST),
    work="steps.publish.work:run",
    fingerprint="steps.publish.work:fingerprint",
    resources=Resources(cpu=1, memory_mib=512),
)
