import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, OverLimit, Refused, StepError, Transient
from steps.download.web import fetch, version_of
from steps.storage import addresses
from tests.steps.download.served import Site, serving
from tests.steps.notify.receiver import misbehaving

CONTENT = bytes(range(256)) * 4000


@pytest.fixture(autouse=True)
def _loopback_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(addresses.ALLOW_VARIABLE, "1")
    monkeypatch.setattr("steps.download.web.PAUSE_S", 0)


def get(site: Site, into: Path, url: str = "", max_bytes: int = 1 << 30) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    fetch(
        url or site.url,
        into,
        max_bytes=max_bytes,
        on_bytes=lambda done, total: told.append((done, total)),
    )
    return told


def ranges(site: Site) -> list[str]:
    return [headers.get("Range", "") for _, _, headers in site.asked]


def test_a_file_is_streamed_with_progress(tmp_path: Path) -> None:
    with serving(Site(CONTENT)) as site:
        told = get(site, tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)
    assert [path.name for path in tmp_path.iterdir()] == ["film"]


@pytest.mark.parametrize("announces_length", [True, False])
def test_a_length_is_not_needed(announces_length: bool, tmp_path: Path) -> None:
    with serving(Site(CONTENT, announces_length=announces_length)) as site:
        get(site, tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == CONTENT


def test_a_dropped_connection_is_gone_on_with(tmp_path: Path) -> None:
    with serving(Site(CONTENT, drop_after=300_000, drops=2)) as site:
        get(site, tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == CONTENT
    assert ranges(site) == ["", "bytes=300000-", "bytes=600000-"]
    assert site.asked[1][2]["If-Range"] == '"v1"'


def test_the_next_run_goes_on_where_this_one_stopped(tmp_path: Path) -> None:
    with serving(Site(CONTENT, drop_after=0, drops=4)) as site:
        with pytest.raises(Transient, match="run again"):
            get(site, tmp_path / "film")
        (tmp_path / "film").write_bytes(CONTENT[:5000])
        get(site, tmp_path / "film")
    assert ranges(site)[-1] == "bytes=5000-"
    assert (tmp_path / "film").read_bytes() == CONTENT


@pytest.mark.parametrize("change", ["other content", "no ranges", "no validator"])
def test_it_starts_again_when_it_cannot_go_on(change: str, tmp_path: Path) -> None:
    site = Site(b"old" * 100_000, drop_after=100_000, drops=1)
    if change == "no validator":
        site.etag = ""
    with serving(site):

        def swap(done: int, total: int) -> None:
            site.content = CONTENT
            if change == "other content":
                site.etag = '"v2"'
            if change == "no ranges":
                site.ranges = False

        fetch(site.url, tmp_path / "film", max_bytes=1 << 30, on_bytes=swap)
    assert (tmp_path / "film").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("facts", "leaf", "words"),
    [
        ({"statuses": [404]}, Refused, "404"),
        ({"statuses": [403]}, Refused, "public"),
        ({"statuses": [503] * 9}, Transient, "503"),
        ({"kind": "text/html; charset=utf-8"}, BadInput, "a page"),
        ({"drop_after": 0, "drops": 9}, Transient, "run again"),
        ({"redirects": {"/film.mp4": "/film.mp4"}}, Refused, "more than 5 times"),
        ({"redirects": {"/film.mp4": "file:///etc/passwd"}}, Refused, "not followed"),
        ({"redirects": {"/film.mp4": "gopher://127.0.0.1/"}}, Refused, "not followed"),
        ({"redirects": {"/film.mp4": "javascript:alert(1)"}}, Refused, "not followed"),
        ({"redirects": {"/film.mp4": "data:text/html,x"}}, Refused, "not followed"),
        ({"redirects": {"/film.mp4": "http://xn--zz.example/"}}, Refused, "not followed"),
        ({"redirects": {"/film.mp4": "http://169.254.169.254/latest/"}}, Refused, "always refused"),
        ({"redirects": {"/film.mp4": "http://[::ffff:169.254.169.254]/"}}, Refused, "always"),
        ({"part": (0, 1000)}, Refused, "only a part"),
        ({"part": (1000, 2000)}, Refused, "only a part"),
    ],
)
def test_refusals(
    facts: dict[str, object], leaf: type[StepError], words: str, tmp_path: Path
) -> None:
    with serving(Site(CONTENT, **facts)) as site, pytest.raises(StepError) as caught:  # type: ignore[arg-type]
        get(site, tmp_path / "film")
    assert type(caught.value) is leaf
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("host", "leaf"),
    [
        ("0177.0.0.1", BadInput),
        ("256.1.1.1", BadInput),
        ("xn--zz.example", BadInput),
        ("\uff11\uff12\uff17.0.0.1", BadInput),
        ("a..b", Refused),
        ("a" * 70 + ".example", Refused),
    ],
)
def test_hosts_that_cannot_exist(host: str, leaf: type[StepError], tmp_path: Path) -> None:
    url = f"http://{host}/film.mp4"
    with pytest.raises(leaf):
        fetch(url, tmp_path / "film", max_bytes=1, on_bytes=lambda *_: None)
    with pytest.raises(leaf):
        version_of(url)


def test_a_run_that_is_killed_between_two_versions_joins_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, write = tmp_path / "film", Path.write_text

    def killed(path: Path, text: str) -> None:
        write(path, text)
        raise KeyboardInterrupt

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with serving(Site(b"old" * 100_000)) as site:
        with pytest.raises(KeyboardInterrupt):
            fetch(site.url, film, max_bytes=1 << 30, on_bytes=stop)
        assert film.stat().st_size > 0
        site.content, site.etag = CONTENT, '"v2"'
        monkeypatch.setattr(Path, "write_text", killed)
        with pytest.raises(KeyboardInterrupt):
            get(site, film)
        monkeypatch.setattr(Path, "write_text", write)
        get(site, film)
    assert film.read_bytes() == CONTENT


@pytest.mark.parametrize("etag", ['"v2"', '"caf\xe9"', ""])
def test_two_versions_are_never_joined(etag: str, tmp_path: Path) -> None:
    """A server that ignores If-Range sends the rest of another content."""
    site = Site(b"old" * 100_000, drop_after=100_000, drops=1, ignores_if_range=True)
    with serving(site):

        def swap(done: int, total: int) -> None:
            site.content, site.etag = CONTENT, etag

        fetch(site.url, tmp_path / "film", max_bytes=1 << 30, on_bytes=swap)
    assert (tmp_path / "film").read_bytes() == CONTENT


def test_a_tag_that_is_not_ascii_does_not_stop_a_resumption(tmp_path: Path) -> None:
    with serving(Site(CONTENT, etag='"caf\xe9"', drop_after=300_000, drops=1)) as site:
        get(site, tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == CONTENT
    assert ranges(site) == ["", ""]


def test_a_silent_server_is_given_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steps.storage.http.SILENCE_S", 0.2)
    monkeypatch.setattr("steps.download.web.PATIENCE_S", 0.1)
    over = threading.Event()

    def nothing() -> Iterator[bytes]:
        over.wait(60)
        yield b""

    with misbehaving(nothing()) as address:
        with pytest.raises(Transient, match="run again"):
            fetch(address, tmp_path / "film", max_bytes=1 << 20, on_bytes=lambda *_: None)
        over.set()


def test_a_passing_fault_is_tried_again(tmp_path: Path) -> None:
    with serving(Site(CONTENT, statuses=[503, 429])) as site:
        get(site, tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == CONTENT


@pytest.mark.parametrize("announces_length", [True, False])
def test_what_is_too_large_stops(announces_length: bool, tmp_path: Path) -> None:
    site = Site(CONTENT, announces_length=announces_length)
    with serving(site), pytest.raises(OverLimit, match="--max-size-mib"):
        get(site, tmp_path / "film", max_bytes=1 << 19)
    written = (tmp_path / "film").stat().st_size if (tmp_path / "film").exists() else 0
    assert written <= 1 << 19


def test_nobody_listens(tmp_path: Path) -> None:
    with serving(Site(CONTENT)) as site:
        pass
    with pytest.raises(Transient):
        get(site, tmp_path / "film")


def test_a_private_address_is_refused_without_a_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(addresses.ALLOW_VARIABLE)
    with serving(Site(CONTENT)) as site, pytest.raises(Refused, match="private"):
        get(site, tmp_path / "film")
    assert site.asked == []


def test_every_redirect_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 plays the open internet, `localhost` by its other address an inner host."""
    monkeypatch.delenv(addresses.ALLOW_VARIABLE)
    monkeypatch.setattr(addresses, "is_public", lambda one: one == ip_address("127.0.0.1"))
    inner = [(10, 1, 6, "", ("::1", 0, 0, 0))]
    real = addresses.socket.getaddrinfo
    monkeypatch.setattr(
        addresses.socket,
        "getaddrinfo",
        lambda host, *rest, **named: inner if host == "inner" else real(host, *rest, **named),
    )
    with serving(Site(CONTENT)) as site:
        site.redirects = {
            "/film.mp4": f"http://inner:{site.port}/secret",
            "/good": f"http://127.0.0.1:{site.port}/here",
        }
        with pytest.raises(Refused, match="inner has the private address"):
            get(site, tmp_path / "film")
        get(site, tmp_path / "film", url=f"http://127.0.0.1:{site.port}/good")
    assert [path for _, path, _ in site.asked] == ["/film.mp4", "/good", "/here"]
    assert (tmp_path / "film").read_bytes() == CONTENT


def test_the_connection_goes_to_the_judged_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once: a second answer (DNS rebinding) is never asked for."""
    with serving(Site(CONTENT)) as site:
        lookups: list[str] = []

        def answer(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
            lookups.append(host)
            return [(2, 1, 6, "", ("127.0.0.1", 0))]

        with monkeypatch.context() as patched:
            patched.setattr(
                "steps.storage.http.resolved",
                lambda host, port, **_: (ip_address(str(answer(host)[0][4][0])),),  # type: ignore[index]
            )
            get(site, tmp_path / "film", url=f"http://films.example:{site.port}/film.mp4")
    assert lookups == ["films.example"]
    assert site.asked[0][2]["Host"] == f"films.example:{site.port}"


def test_the_version_of_a_url() -> None:
    with serving(Site(CONTENT)) as site:
        first = version_of(site.url)
        site.etag = '"v2"'
        second = version_of(site.url)
        site.etag = ""
        assert version_of(site.url) is None
        site.statuses = [405]
        assert version_of(site.url) is None
    assert first is not None
    assert first != second
    assert first.length == len(CONTENT)
