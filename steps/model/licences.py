"""The licences of the code that clipmill installs, as SPDX expressions.

A package's own metadata is the source, except where `CORRECTIONS` knows better: a wheel may carry
a binary whose licence its metadata does not mention. Weights state their licence in `weights.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

ROOT = "clipmill"
"""The distribution that all others are installed for."""

UNKNOWN = "LicenseRef-unknown"
"""Stands for the licence of a package that states none."""

CORRECTIONS: dict[str, tuple[str, str]] = {
    "av": ("BSD-3-Clause AND GPL-3.0-or-later", "its FFmpeg (LGPL-3.0) links x264 and x265"),
    "deno": ("MIT", "optional: for YouTube, and in the image of download"),
    "imageio-ffmpeg": (
        "BSD-2-Clause AND GPL-3.0-or-later",
        "carries the ffmpeg program, built with --enable-gpl --enable-version3",
    ),
    "jinja2": ("BSD-3-Clause", "the licence file in the wheel; its metadata says BSD"),
    "nudenet": ("AGPL-3.0-only", "the licence file in the wheel; its metadata says MIT"),
    "opencv-python-headless": ("Apache-2.0 AND LGPL-2.1-or-later", "carries FFmpeg libraries"),
    "pocketsphinx": ("BSD-2-Clause", "the licence file in the wheel; its metadata says BSD"),
    "pycryptodomex": ("BSD-2-Clause AND Unlicense", "parts are in the public domain"),
    "pyphen": (
        "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
        "the LICENSE file in the wheel; LibreOffice's dictionaries have one or more of the three",
    ),
    "python-dateutil": ("Apache-2.0 OR BSD-3-Clause", "its metadata says Dual License"),
    "ultralytics": ("AGPL-3.0-only", "optional: only in the CUDA image of detect"),
}
"""Distribution to (SPDX expression, why its metadata is not enough)."""

_SPDX = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd-3": "BSD-3-Clause",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")
_COPYLEFT = re.compile(r"\b(AGPL|LGPL|GPL|MPL)-")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Licensed:
    """One installed package.

    Attributes:
        package: its distribution name, lower case with hyphens.
        version: as installed.
        licence: an SPDX expression; `LicenseRef-unknown` when nobody states one.
        note: why this differs from the package's metadata, or empty.
    """

    package: str
    version: str
    licence: str
    note: str

    @property
    def is_copyleft(self) -> bool:
        """Whether a part of it has conditions for those who pass it on (GPL and its kin, MPL)."""
        return bool(_COPYLEFT.search(self.licence))


def installed(root: str = ROOT, extras: Iterable[str] = ()) -> tuple[Licensed, ...]:
    """All packages that a distribution needs and that are installed here, by name.

    Args:
        root: the distribution to start from; it is part of the answer.
        extras: optional dependencies of `root` to follow too, such as `argo`.

    Raises:
        PackageNotFoundError: `root` is not installed.
    """
    found: dict[str, Licensed] = {}
    followed: set[tuple[str, frozenset[str]]] = set()
    waiting = [(distribution(root), frozenset(extras))]
    while waiting:
        one, wanted = waiting.pop()
        name = _normalised(one.name)
        if (name, wanted) in followed:
            continue
        followed.add((name, wanted))
        found[name] = _licensed(one)
        for requirement in one.requires or ():
            needed, _, marker = requirement.partition(";")
            match = _NAME.match(needed)
            extra = re.search(r"""extra == ['"]([^'"]+)['"]""", marker)
            if match and (extra is None or extra[1] in wanted):
                asked = re.search(r"\[([^]]*)\]", needed)
                inner = frozenset(asked[1].replace(" ", "").split(",")) if asked else frozenset()
                waiting += [(item, inner) for item in _if_installed(match[0])]
    return tuple(found[name] for name in sorted(found))


def combined(packages: Iterable[Licensed]) -> str:
    """One SPDX expression for all packages together, such as the label of an image."""
    licences = sorted({item.licence for item in packages})
    return " AND ".join(f"({text})" if " OR " in text else text for text in _single(licences))


def licence_of(name: str) -> str:
    """The SPDX expression of one package; `LicenseRef-unknown` when nobody states one."""
    name = _normalised(name)
    if name in CORRECTIONS:
        return CORRECTIONS[name][0]
    return next((_stated(one) for one in _if_installed(name)), UNKNOWN)


def _licensed(one: Distribution) -> Licensed:
    name = _normalised(one.name)
    licence, note = CORRECTIONS.get(name) or (_stated(one), "")
    return Licensed(name, one.version, licence, note)


def _stated(one: Distribution) -> str:
    """The metadata's expression, else its licence field, else its classifiers."""
    metadata = one.metadata
    if expressions := metadata.get_all("License-Expression"):
        return str(expressions[0])
    text = " ".join(" ".join(metadata.get_all("License") or ()).split())
    known = _SPDX.get(text.lower(), text)
    if _EXPRESSION.fullmatch(known) and known != "UNKNOWN":
        return known
    classified = sorted(
        _SPDX[last]
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License ::") and (last := line.rpartition(":: ")[2].lower()) in _SPDX
    )
    return " OR ".join(classified) or UNKNOWN


def _single(licences: Iterable[str]) -> list[str]:
    """The parts of all conjunctions, each once."""
    parts: set[str] = set()
    for text in licences:
        parts |= {text} if " OR " in text else set(text.split(" AND "))
    return sorted(parts)


def _if_installed(name: str) -> list[Distribution]:
    try:
        return [distribution(name)]
    except PackageNotFoundError:
        return []


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
