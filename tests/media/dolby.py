"""Films that state Dolby Vision, in the containers that can."""

from __future__ import annotations

from pathlib import Path

from steps.media import ffmpeg

PACKET = 188
PROGRAM_MAP = 0x1000
"""Where ffmpeg puts the map of its first programme."""


def stated(profile: int, compatible: int) -> bytes:
    """The start of a configuration record: one layer with its metadata, level 1."""
    return (
        bytes([1, 0])
        + (profile << 9 | 1 << 3 | 0b101).to_bytes(2, "big")
        + bytes([compatible << 4])
    )


def dolby_vision(path: Path, profile: int, compatible: int) -> Path:
    """Write HEVC whose MP4 states Dolby Vision: a `dvcC` box after `hvcC`, every size around it."""
    plain = path.with_name("plain.mp4")
    source = "testsrc2=s=64x64:r=25:d=1,format=yuv420p10le"
    quiet = ["-x265-params", "log-level=error", "-tag:v", "hvc1"]
    ffmpeg.run(["-f", "lavfi", "-i", source, "-c:v", "libx265", *quiet, str(plain)])
    data = bytearray(plain.read_bytes())
    start = data.index(b"hvcC") - 4
    end = start + int.from_bytes(data[start : start + 4], "big")
    box = (32).to_bytes(4, "big") + b"dvcC" + stated(profile, compatible) + bytes(19)
    data[end:end] = box
    for name in (b"hvc1", b"stsd", b"stbl", b"minf", b"mdia", b"trak", b"moov"):
        place = data.rindex(name, 0, start) - 4
        size = int.from_bytes(data[place : place + 4], "big") + len(box)
        data[place : place + 4] = size.to_bytes(4, "big")
    path.write_bytes(data)
    return path


def in_matroska(film: Path) -> Path:
    """The same film as Matroska."""
    path = film.with_suffix(".mkv")
    ffmpeg.run(["-i", str(film), "-c", "copy", "-strict", "unofficial", str(path)])
    return path


def in_transport_stream(film: Path, profile: int, compatible: int) -> Path:
    """The same film as a transport stream whose map has Dolby's two descriptors."""
    path = film.with_suffix(".ts")
    ffmpeg.run(["-i", str(film), "-c", "copy", str(path)])
    record = stated(profile, compatible)
    added = b"\x05\x04DOVI\xb0" + bytes([len(record)]) + record
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), PACKET):
        packet = data[at : at + PACKET]
        if int.from_bytes(packet[1:3], "big") & 0x5FFF == 0x4000 | PROGRAM_MAP:
            head = 5 + packet[4]
            section = packet[head:]
            body = bytearray(section[: 3 + _length(section, 1) - 4])
            stream = 12 + _length(body, 10)
            body[stream + 5 : stream + 5] = added
            _set_length(body, stream + 3, _length(body, stream + 3) + len(added))
            _set_length(body, 1, len(body) - 3 + 4)
            body += _crc(body).to_bytes(4, "big")
            data[at : at + PACKET] = (packet[:head] + body).ljust(PACKET, b"\xff")
    path.write_bytes(data)
    return path


def _length(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big") & 0xFFF


def _set_length(data: bytearray, at: int, length: int) -> None:
    data[at : at + 2] = (data[at] & 0xF0 | length >> 8, length & 0xFF)


def _crc(data: bytes | bytearray) -> int:
    """The check sum of a section, ISO 13818-1, annex A."""
    found = 0xFFFFFFFF
    for byte in data:
        found ^= byte << 24
        for _ in range(8):
            found = (found << 1 ^ 0x04C11DB7 if found & 0x80000000 else found << 1) & 0xFFFFFFFF
    return found
