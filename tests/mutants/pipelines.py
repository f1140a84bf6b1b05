"""Mutants of the pipelines: verify, the local executor, the DAG and its lint."""

from tests.mutants.mutant import Mutant

VERIFY = ("tests/pipelines/test_verify.py",)
LOCAL = ("tests/pipelines/test_local.py",)
FINISHED = ("tests/pipelines/test_finished.py",)
LINT = ("tests/pipelines/test_lint.py",)
HUB = ("tests/pipelines/models/test_hub.py",)
PLACES = ("tests/pipelines/models/test_places.py",)

MUTANTS = (
    Mutant(
        "verify does not compare digests",
        "pipelines/verify.py", "if found != expected:", "if False:", VERIFY,
    ),
    Mutant(
        "verify does not compare sizes",
        "pipelines/verify.py", "if entry.size_bytes != expected.size_bytes:", "if False:", VERIFY,
    ),
    Mutant(
        "verify accepts an edited manifest",
        "pipelines/verify.py", "if data != manifest.canonical_bytes():", "if False:", VERIFY,
    ),
    Mutant(
        "verify accepts a delivered file without a digest",
        "pipelines/verify.py", "for path in clip.files:\n            if path not in named:",
        "for path in clip.files:\n            if False:", VERIFY,
    ),
    Mutant(
        "verify accepts a manifest that lost its clips",
        "pipelines/verify.py", "if not holds[manifest.outcome]:", "if False:", VERIFY,
    ),
    Mutant(
        "verify accepts a manifest that lost a receipt",
        "pipelines/verify.py", "for path in [*ALWAYS, *receipts]:", "for path in ALWAYS:", VERIFY,
    ),
    Mutant(
        "verify ignores the receipt of publish",
        "pipelines/verify.py", "if what := _publish_differs(store, data, named):",
        'if what := "":', VERIFY,
    ),
    Mutant(
        "a full disk costs a clip only",
        "pipelines/local", " or failure.exit_code == HostFault.exit_code:", ":",
        ("tests/pipelines/test_local.py::"
         "test_a_full_disk_ends_the_job_even_where_a_clip_may_fail",),
    ),
    Mutant(
        "verify follows paths out of the job",
        "pipelines/verify.py", "if not is_safe(expected.path):", "if False:", VERIFY,
    ),
    Mutant(
        "verify does not list files that nobody promised",
        "pipelines/verify.py", "and key not in named)", "and key in named)", VERIFY,
    ),
    Mutant(
        "a task starts before the tasks that it waits for",
        "pipelines/local", "ready = all(needed in", "ready = not any(needed in", LOCAL,
    ),
    Mutant(
        "a passing fault is not retried",
        "pipelines/local", "if failure.exit_code == Transient.exit_code and", "if False and",
        ("tests/pipelines/test_local.py::test_a_passing_fault_is_tried_again",),
    ),
    Mutant(
        "one clip that fails ends the job",
        "pipelines/local", "if not run.task.may_fail or", "if True or", LOCAL,
    ),
    Mutant(
        "any task may fail",
        "pipelines/local", "if not run.task.may_fail or", "if", LOCAL,
    ),
    Mutant(
        "a step that takes too long is a passing fault",
        "pipelines/local", 'exit_code=OverLimit.exit_code,\n            error="Timeout"',
        'exit_code=75,\n            error="Timeout"',
        ("tests/pipelines/test_local.py::test_a_step_that_takes_too_long_is_ended_with_its_children",),
    ),
    Mutant(
        "files of clips that are gone stay",
        "pipelines/local", "remove_stale(task, runs, walk.settings.folder)", "pass", LOCAL,
    ),
    Mutant(
        "an engine of another environment is judged by this interpreter",
        "pipelines/local", " and not settings.places.get(run.task.name, Place()).python", "",
        FINISHED,
    ),
    Mutant(
        "a finished step leaves no record of the run",
        "pipelines/local", "check.write(walk.settings.job, show_log=walk.settings.show_logs)",
        "pass", FINISHED,
    ),
    Mutant(
        "an interrupt waits for the look at a finished step",
        "pipelines/local", 'name="finished", daemon=True).start()',
        'name="finished", daemon=True).run()', FINISHED,
    ),
    Mutant(
        "a job with an unknown option starts",
        "pipelines/local", "    dag.check_params(values)\n", "", LOCAL,
    ),
    Mutant(
        "two runs share a job folder",
        "pipelines/local", "fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_SH | fcntl.LOCK_NB",
        ("tests/pipelines/test_delivery.py",),
    ),
    Mutant(
        "lint takes two writers of one file",
        "pipelines/lint.py", "for path, count in writers.items():\n        if count > 1:",
        "for path, count in writers.items():\n        if count > 2:", LINT,
    ),
    Mutant(
        "lint takes a cycle",
        "pipelines/lint.py", "order.index(writer.name) >= order.index(task.name)",
        "order.index(writer.name) > order.index(task.name)", LINT,
    ),
    Mutant(
        "lint takes documents of two kinds",
        "pipelines/lint.py", "if kind != port.document.tag():", "if False:", LINT,
    ),
    Mutant(
        "lint takes params that differ between steps",
        "pipelines/lint.py", "if repr(dag.with_default(name, info)) != repr(dag.params[name])",
        "if info.annotation != dag.params[name].annotation", LINT,
    ),
    Mutant(
        "lint does not run one of its checks",
        "pipelines/lint.py", "    names_mean_one_path,\n    params_agree,\n", "    params_agree,\n",
        LINT,
    ),
    Mutant(
        "a reader of receipts does not wait for every task",
        "pipelines/dag.py", "if any(port.path == artifacts.RECEIPTS.path for port in task.inputs):",
        "if False:", LOCAL,
    ),
    Mutant(
        "a manifest comes back after a run that changed a file",
        "pipelines/local", "if file_sha256(path) != artifact.sha256:", "if False:",
        ("tests/pipelines/test_folder.py",),
    ),
    Mutant(
        "a job's id ignores the content of its files",
        "pipelines/job.py", "default_id({**values, **contents})", "default_id(values)",
        ("tests/pipelines/test_job.py",),
    ),
    Mutant(
        "a file with the name of a style hides the style",
        "steps/contract/params.py", "text not in self.names and", "True and",
        ("tests/pipelines/test_job.py",),
    ),
    Mutant(
        "work from the cache counts as done",
        "pipelines/cli/progress.py", "            self._cached.add(name)", "            pass",
        ("tests/pipelines/test_progress.py",),
    ),
    Mutant(
        "the kernel is not asked to watch the parent",
        "steps/startup.py", "fcntl.fcntl(watched, fcntl.F_SETSIG, signal.SIGKILL)", "pass",
        ("tests/steps/test_startup.py",),
    ),
    Mutant(
        "a fetched model is not compared with its digest",
        "pipelines/models/folder.py", "if wanted and found != wanted:", "if False:", HUB,
    ),
    Mutant(
        "a fetched file is not compared with what the hub states",
        "pipelines/models/fetching.py", 'known.get(remote.path, "") or remote.sha256',
        'known.get(remote.path, "")', HUB,
    ),
    Mutant(
        "a broken download starts afresh",
        "pipelines/models/fetching.py", "/ PARTIAL / model.name / mark / remote.path",
        "/ PARTIAL / model.name / mark / remote.path\n"
        "        partial.unlink(missing_ok=True)", HUB,
    ),
    Mutant(
        "every pod that shares a volume copies the model",
        "pipelines/models/folder.py", "fcntl.flock(handle, fcntl.LOCK_EX)", "pass", PLACES,
    ),
    Mutant(
        "a step gets the models of all steps",
        "pipelines/cli/models.py", "or options.step in MODELS[name].steps", "or True", PLACES,
    ),
)  # fmt: skip
