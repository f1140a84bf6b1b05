from pathlib import Path

import pytest

from steps.media.adts import changes_form


def packet(rate: int, channels: int, private: int = 0, size: int = 9) -> bytes:
    """An ADTS header by its fields (ISO 13818-7, 6.2), and an empty body."""
    third = 1 << 6 | rate << 2 | private << 1 | channels >> 2
    length = size << 5
    head = [
        0xFF,
        0xF1,
        third,
        (channels & 3) << 6 | length >> 16,
        length >> 8 & 255,
        length & 255,
        0xFC,
    ]
    return bytes(head) + b"\xff" * (size - 7)


@pytest.mark.parametrize(
    ("packets", "changes"),
    [
        ([], False),
        ([packet(3, 2)] * 3, False),
        ([packet(3, 2), packet(3, 2, private=1), packet(3, 2, size=500)], False),
        ([packet(3, 2), packet(4, 2)], True),
        ([packet(3, 2), packet(3, 1)], True),
        ([packet(3, 2), packet(3, 6)], True),
        ([packet(3, 2), b"lost", packet(3, 2)], False),
    ],
)
def test_a_change_is_found(packets: list[bytes], changes: bool, tmp_path: Path) -> None:
    path = tmp_path / "sound.adts"
    path.write_bytes(b"".join(packets))
    assert changes_form(path) is changes
