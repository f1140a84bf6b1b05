"""Engines: which one does a job, what follows from it, and what happens when one cannot."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest

from steps.contract import (
    AUTO,
    Context,
    Engine,
    Engines,
    Params,
    Port,
    Resources,
    Step,
    Unusable,
    Weights,
    WeightsFile,
    param,
)
from steps.contract.cache import cache_key
from steps.contract.command import main
from steps.contract.engines import first_usable, gpu_fault, installed_version
from steps.contract.errors import BadInput
from steps.contract.receipt import Receipt, RunRecord
from steps.contract.step import one_environment
from steps.storage.cache import open_cache

HERE = "tests.steps.contract.test_engines"
ABSENT = Weights(name="no-such-weights", files=(WeightsFile(path="x", sha256="0" * 64),))


def make(name: str, **more: Any) -> Engine:
    return Engine(name=name, about=f"{name}, for the tests", load=f"{HERE}:{name}", **more)


HEAVY = make(
    "heavy",
    packages=("no-such-distribution",),
    environment="heavy",
    resources=Resources(cpu=8, memory_mib=9000, gpu=1),
)
SERVER = make("server", applies=f"{HERE}:has_address", promise="replay")
BARE = make("bare", weights=(ABSENT,))
FALTERING = make("faltering")
SOUND = make("sound", packages=("pydantic",))
RARE = make("rare", by_name=True)
OWN = make("own", by_name=True, models=f"{HERE}:own_model")


class SpeakParams(Params):
    """How to speak."""

    voice: Annotated[
        str, Engines(HEAVY, SERVER, BARE, FALTERING, SOUND, RARE, OWN, off=True)
    ] = param(AUTO, description="The voice.")  # fmt: skip
    address: str = param("", description="Of the server.")
    model: str = param("", description="A file of the user's.")
    fault: str = param("", description="What the faltering voice says.")


TEXT = Port("text", "text.txt", "what was said")
SPEAK = Step(name="speak", summary="Speak.", params=SpeakParams, writes=(TEXT,), work=f"{HERE}:run")


def has_address(params: SpeakParams) -> bool:
    return bool(params.address)


def run(context: Context[SpeakParams]) -> None:
    said = "" if context.params.voice == "off" else context.use("voice", lambda voice: voice())
    context.output(TEXT).write_text(said)


def speaker(name: str) -> Callable[[Context[SpeakParams]], Callable[[], str]]:
    return lambda _context: lambda: name


heavy, server, bare, sound, rare, own = map(
    speaker, ("heavy", "server", "bare", "sound", "rare", "own")
)


def own_model(params: SpeakParams) -> tuple[Weights, ...]:
    place = Path(params.model).absolute()
    return (Weights(name=place.name, place=place),)


def faltering(context: Context[SpeakParams]) -> Callable[[], str]:
    def speak() -> str:
        fault = context.params.fault
        if fault == "unusable":
            raise Unusable("it lost its voice: give it tea")
        if fault:
            raise RuntimeError(fault)
        return "faltering"

    return speak


def spoken(tmp_path: Path, *options: str, cache: bool = False) -> tuple[int, str, Receipt]:
    argv = [f"--out={tmp_path}", *options, *([f"--cache={tmp_path / 'cache'}"] if cache else [])]
    code = main(SPEAK, argv, open_cache)
    text = tmp_path / "text.txt"
    said = text.read_text() if code == 0 else ""
    return code, said, Receipt.from_file(tmp_path / "receipts/speak.json")


def test_auto_takes_the_first_that_works_and_reports_what_it_passed_over(tmp_path: Path) -> None:
    code, said, receipt = spoken(tmp_path)
    assert (code, said) == (0, "faltering")
    assert [(one.param, one.name, one.promise) for one in receipt.engines] == [
        ("voice", "faltering", "any-machine")
    ]
    assert [(one.code, one.message) for one in receipt.degradations] == [
        (
            "voice-fallback",
            "bare cannot be used: the model no-such-weights is missing: run "
            "`clipmill models fetch no-such-weights`",
        )
    ]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unusable", "it lost its voice: give it tea"),
        ("CUDA out of memory. Tried to allocate 2 GiB", "the GPU has no memory left"),
        ("CUDA error: no kernel image is available", "the GPU cannot be used: CUDA error"),
    ],
)
def test_an_engine_that_fails_at_work_gives_way_to_the_next(
    tmp_path: Path, fault: str, reason: str
) -> None:
    code, said, receipt = spoken(tmp_path, f"--fault={fault}")
    assert (code, said) == (0, "sound")
    assert f"faltering cannot be used: {reason}" in receipt.degradations[-1].message
    assert receipt.packages.keys() == {"pydantic"}


def test_a_bug_in_an_engine_is_not_a_reason_to_take_another(tmp_path: Path) -> None:
    code, _, receipt = spoken(tmp_path, "--fault=division of nothing")
    assert code == 1
    assert receipt.failure is not None


def test_a_run_after_such_a_failure_is_not_kept(tmp_path: Path) -> None:
    spoken(tmp_path, "--fault=unusable", cache=True)
    spoken(tmp_path, "--fault=unusable", cache=True)
    assert not RunRecord.from_file(tmp_path / "runs/speak.json").cache_hit
    spoken(tmp_path, cache=True)
    spoken(tmp_path, cache=True)
    assert RunRecord.from_file(tmp_path / "runs/speak.json").cache_hit


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("heavy", "no-such-distribution is not installed: run `clipmill engines install heavy`"),
        ("bare", "the model no-such-weights is missing"),
    ],
)
def test_a_named_engine_that_is_not_usable_fails_the_step(
    tmp_path: Path, name: str, message: str
) -> None:
    code, _, receipt = spoken(tmp_path, f"--voice={name}")
    assert code == 80
    assert receipt.failure is not None
    assert message in receipt.failure.message


def test_a_named_engine_that_fails_at_work_fails_the_step(tmp_path: Path) -> None:
    assert spoken(tmp_path, "--voice=faltering", "--fault=unusable")[0] == 80


@pytest.mark.parametrize(("option", "said"), [("rare", "rare"), ("off", "")])
def test_what_only_a_name_chooses(tmp_path: Path, option: str, said: str) -> None:
    assert spoken(tmp_path, f"--voice={option}")[1] == said


def test_a_server_counts_where_its_address_is_set(tmp_path: Path) -> None:
    assert spoken(tmp_path, "--address=x")[1] == "server"


def test_a_name_that_is_not_an_engine_is_refused(tmp_path: Path) -> None:
    assert main(SPEAK, [f"--out={tmp_path}", "--voice=loud"], open_cache) == 80
    with pytest.raises(BadInput, match="--voice"):
        SpeakParams.parse({"voice": "loud"})


def named(name: str) -> SpeakParams:
    return SpeakParams(voice=name)


def test_needs_follow_from_the_engine() -> None:
    def by_name(_name: str, marked: Engines, choice: str, _params: Params) -> Engine:
        return marked.named(choice)

    needs = SPEAK.needs(named("heavy"), by_name)
    assert needs.environment == "heavy"
    assert (needs.resources.pool, needs.resources.gpu, needs.resources.cpu) == ("gpu", 1, 8)
    assert SPEAK.needs(named("sound")).resources == Resources()
    assert SPEAK.needs(named("off")).engines == {}
    assert SPEAK.needs(named("bare"), by_name).weights == (ABSENT,)


def test_the_engine_is_in_the_key() -> None:
    def key(name: str) -> str:
        params = SpeakParams(voice=AUTO)
        needs = SPEAK.needs(params, lambda *_: SPEAK.engines["voice"].named(name))
        return cache_key(SPEAK, params, [], "", needs)

    assert key("faltering") != key("rare")


def test_the_path_of_a_model_is_not_recorded_but_its_content_is(tmp_path: Path) -> None:
    recorded = []
    for place, content in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        model = tmp_path / place / "voice.bin"
        model.parent.mkdir()
        model.write_bytes(content)
        options = ("--address=~30 s from here", f"--model={model}")
        code, said, receipt = spoken(tmp_path, "--voice=own", *options)
        assert (code, said) == (0, "own")
        assert str(tmp_path) not in receipt.model_dump_json()
        recorded.append(receipt.params["model"])
    assert recorded[0] == recorded[1] != recorded[2]
    assert recorded[0].startswith("sha256:")


def test_engines_of_two_environments_do_not_share_a_process() -> None:
    other = make("other", environment="light")
    assert one_environment("speak", {"a": HEAVY, "b": SOUND}) == "heavy"
    with pytest.raises(BadInput, match="speak cannot run heavy and other in one process"):
        one_environment("speak", {"a": HEAVY, "b": other})


def test_check_proves_the_chosen_engine(tmp_path: Path) -> None:
    assert main(SPEAK, ["--check"], open_cache) == 0
    assert main(SPEAK, ["--check", "--voice=bare"], open_cache) == 80


def test_other_errors_are_not_a_gpu_s() -> None:
    assert gpu_fault(RuntimeError("shape mismatch")) is None


@pytest.mark.parametrize(
    ("package", "name"),
    [("nobody-has-this|pydantic", "pydantic"), ("pydantic|nobody-has-this", "pydantic")],
)
def test_a_module_may_come_in_two_packages(package: str, name: str) -> None:
    engine = make("either", packages=(package,), environment="some")
    found = installed_version(package)
    assert (engine.missing_package(), found and found[0]) == ("", name)
    assert make("neither", packages=("nobody|none",)).missing_package() == "nobody"


def test_a_job_that_may_be_off_is_off_where_no_engine_is_usable() -> None:
    params = SpeakParams()
    assert first_usable("voice", Engines(BARE, off=True), AUTO, params) is None
    with pytest.raises(Unusable, match="--voice=bare is not usable here"):
        first_usable("voice", Engines(BARE, off=True), "bare", params)
    with pytest.raises(Unusable, match="--voice=auto is not usable here"):
        first_usable("voice", Engines(BARE), AUTO, params)
