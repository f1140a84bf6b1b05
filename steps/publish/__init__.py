"""publish: the report, the edit lists, and last of all the manifest."""

from steps.contract import Params, Resources, Step
from steps.model import artifacts


class PublishParams(Params):
    """It has none."""


SHOWN = tuple(
    port.maybe()
    for port in (
        artifacts.SUMMARY,
        artifacts.CHUNKS,
        artifacts.TRANSCRIPT,
        artifacts.MODERATION,
        artifacts.TRACKS,
        artifacts.CROPS,
        artifacts.CAPTIONS,
        artifacts.CHECKS,
    )
)
"""What the report shows where it is there; a job is committed without it too."""

STEP = Step(
    name="publish",
    summary="Write the report and the edit lists, and the manifest that commits the job.",
    params=PublishParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.CLIPS,
        artifacts.CLIP_IDS,
        *SHOWN,
        artifacts.RECEIPTS,
    ),
    writes=(
        artifacts.EDL,
        artifacts.EDIT_LIST,
        artifacts.OTIO,
        artifacts.FCPXML,
        artifacts.FCP7_XML,
        artifacts.REPORT,
        artifacts.MANIFEST,
    ),
    work="steps.publish.work:run",
    fingerprint="steps.publish.work:fingerprint",
    packages=("jinja2", "markupsafe"),
    resources=Resources(cpu=1, memory_mib=512),
    version=2,
)
