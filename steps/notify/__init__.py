"""notify: report the end of a job to a callback, signed."""

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts


class NotifyParams(Params):
    """How the job ended, and where to report it."""

    job_id: str = param(min_length=1, max_length=63, description="The job's id.")
    prefix: str = param("jobs", description="Folder in the bucket that holds the job's own.")
    uid: str = param(
        "", description="The workflow's UID, which a second workflow of that name does not share."
    )
    owner: str = param("", description="Who asked for the job.")
    status: str = param(
        "Succeeded",
        pattern=r"^[A-Za-z]{1,20}$",
        description="The workflow's phase: Succeeded, Failed or Error.",
    )
    failures: str = param(
        "[]", description="JSON list of the workflow's failed nodes, as Argo states it."
    )
    callback: str = param(
        "", description="https:// address that gets the signed event; empty for none."
    )


STEP = Step(
    name="notify",
    summary="Merge the run records, and report the end of the job to the callback.",
    params=NotifyParams,
    reads=(artifacts.MANIFEST.maybe(), artifacts.RECEIPTS, artifacts.RECORDS),
    writes=(artifacts.RUN,),
    work="steps.notify.work:run",
    fingerprint="steps.notify.work:fingerprint",
    locators=("job_id", "uid", "prefix", "owner", "status", "failures", "callback"),
    resources=Resources(cpu=1, memory_mib=512),
    retries=2,
    timeout_s=300,
)
