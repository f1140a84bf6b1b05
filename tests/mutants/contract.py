"""Mutants of the contract: the cache key, receipts, documents, ports, weights, exit codes."""

from tests.mutants.mutant import Mutant

CONTRACT = "steps/contract"
TESTS = "tests/steps/contract"
CACHED = (f"{TESTS}/test_cached_command.py",)
COMMAND = (f"{TESTS}/test_command.py",)
FINISHED = ("tests/pipelines/test_finished.py",)

MUTANTS = (
    Mutant(
        "the cache key ignores the step's version",
        CONTRACT, '"version": step.version,\n        "code"', '"code"', CACHED,
    ),
    Mutant(
        "the cache key ignores the code",
        CONTRACT, '"code": code_digest(step.work.partition(":")[0]),', "",
        (f"{TESTS}/test_sources.py",),
    ),
    Mutant(
        "the cache key ignores the params",
        CONTRACT,
        '"params": recorded_params(step, params, needs, files),\n        "inputs": [[',
        '"inputs": [[',
        CACHED,
    ),
    Mutant(
        "the cache key holds where the source came from",
        CONTRACT, "in recorded.items() if name not in step.locators",
        "in recorded.items()", CACHED,
    ),
    Mutant(
        "the cache key ignores where an input is",
        CONTRACT, "[[item.path, item.sha256] for item in inputs]",
        "[[item.sha256] for item in inputs]", CACHED,
    ),
    Mutant(
        "the cache key ignores the content of inputs",
        CONTRACT, "[[item.path, item.sha256] for item in inputs]",
        "[[item.path] for item in inputs]", CACHED,
    ),
    Mutant(
        "the cache key ignores the fingerprint of what is outside",
        CONTRACT, '"fingerprint": fingerprint or "",', "", CACHED,
    ),
    Mutant(
        "the cache key ignores the weights",
        CONTRACT, "[[item.name, item.sha256] for item in needs.weights]", "[]", CACHED,
    ),
    Mutant(
        "the cache key ignores the packages",
        CONTRACT, '        "packages": needs.package_versions(),\n', "", CACHED,
    ),
    Mutant(
        "the cache key ignores the engines",
        CONTRACT, '"engines": {name: engine.name for name, engine in needs.engines.items()},',
        '"engines": {},',
        ("tests/steps/contract/test_engines.py",),
    ),
    Mutant(
        "a run in which an engine failed is cached",
        CONTRACT, "if cache and not context.fell_back:", "if cache:",
        ("tests/steps/contract/test_engines.py",),
    ),
    Mutant(
        "the cache key ignores the kernels of the CPU",
        CONTRACT, '        "kernels": needs.kernel_classes(),\n', "",
        ("tests/steps/transcribe/test_same_on_every_cpu.py",),
    ),
    Mutant(
        "a step without a fingerprint to trust is cached",
        CONTRACT, "reusable = keyed and mark is not None", "reusable = keyed", CACHED,
    ),
    Mutant(
        "a damaged output counts as finished",
        CONTRACT, "fingerprint(root, output.path) == output for output",
        "True for output", FINISHED,
    ),
    Mutant(
        "an edited receipt counts as finished",
        CONTRACT, "and known.canonical_bytes() == receipt\n", "", FINISHED,
    ),
    Mutant(
        "what a killed run left counts as finished",
        CONTRACT, "if partial_folder(root, task).exists():", "if False:", FINISHED,
    ),
    Mutant(
        "a file that the run did not make counts as finished",
        CONTRACT, "not any((root / path).exists() for path in own - named) and all(", "all(",
        (f"{TESTS}/test_identity.py",),
    ),
    Mutant(
        "a task's own earlier receipt is one of its inputs",
        CONTRACT, "tuple(item for item in read if item.path != own)", "tuple(read)", FINISHED,
    ),
    Mutant(
        "--check does not verify the weights",
        CONTRACT, "        weights.locate()\n", "        pass\n", COMMAND,
    ),
    Mutant(
        "--check does not import the work",
        CONTRACT, "for reference in (step.work, *(", "for reference in ((", COMMAND,
    ),
    Mutant(
        "a failed run leaves the receipt of the run before it",
        CONTRACT, "earlier = take_back(root, task)", "earlier = set()", COMMAND,
    ),
    Mutant(
        "a failure has no receipt",
        CONTRACT, "if invocation is not None and task:\n        said", "if False:\n        said",
        COMMAND,
    ),
    Mutant(
        "a receipt of another run names files outside of the job",
        CONTRACT, 'if ".." not in path.parts:', "if True:", COMMAND,
    ),
    Mutant(
        "files of an earlier run stay",
        CONTRACT, "for path in stale - new:", "for path in set():", COMMAND,
    ),
    Mutant(
        "files of a run before a failed one stay",
        CONTRACT, "place.replace(aside)", "place.unlink()", COMMAND,
    ),
    Mutant(
        "what a killed run left stays",
        CONTRACT, "if folder.exists():\n        shutil.rmtree(folder)",
        "folder.mkdir(exist_ok=True)", COMMAND,
    ),
    Mutant(
        "a document of another kind counts as an output",
        CONTRACT, "port.document.from_file(root / path)", "pass", COMMAND,
    ),
    Mutant(
        "an output that was not written is not missed",
        CONTRACT, 'raise BrokenContract(f"{step.name} did not write {port.resolve(clip)}")',
        "continue", COMMAND,
    ),
    Mutant(
        "a full disk is a passing fault",
        CONTRACT, "    errno.ENOSPC: _NO_SPACE,\n", "", COMMAND,
    ),
    Mutant(
        "weights with another digest are used",
        CONTRACT, "if file_sha256(path) != file.sha256:", "if False:",
        (f"{TESTS}/test_weights.py",),
    ),
    Mutant(
        "hidden files count as outputs",
        CONTRACT, 'if not any(part[0] == "." for part in path.parts)', "",
        (f"{TESTS}/test_ports.py",),
    ),
    Mutant(
        "unknown fields of a document are ignored",
        CONTRACT, 'extra="forbid", defer_build=True', 'extra="ignore", defer_build=True',
        (f"{TESTS}/test_document.py",),
    ),
    Mutant(
        "progress goes back",
        CONTRACT, "percent <= self._percent", "percent == self._percent",
        (f"{TESTS}/test_progress.py",),
    ),
    Mutant(
        "the code digest follows no imports",
        CONTRACT, "waiting += _imported(found[candidate].decode(), package)", "pass",
        (f"{TESTS}/test_sources.py",),
    ),
    Mutant(
        "a step reads an input that changed since it was made",
        CONTRACT, "if sha256 != item.sha256:", "if False:", COMMAND,
    ),
    Mutant(
        "messages show secrets",
        CONTRACT, 'hidden(_POINTER.sub("", printable(text)))',
        '_POINTER.sub("", printable(text))', (f"{TESTS}/test_redaction.py",),
    ),
    Mutant(
        "messages show escape sequences",
        CONTRACT, 'hidden(_POINTER.sub("", printable(text)))',
        'hidden(_POINTER.sub("", text))', (f"{TESTS}/test_redaction.py",),
    ),
)  # fmt: skip
