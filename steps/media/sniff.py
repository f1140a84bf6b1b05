"""What a file is, by its first bytes and never by its name.

ffmpeg goes by content too, but it also accepts playlists and reads the files that they name (an HLS
list called `talk.mp4` reads `/etc/passwd`). So only the containers below are opened, each with its
own demuxer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from steps.contract.errors import BadInput, UnsupportedMedia

HEAD_BYTES = 1024
TRANSPORT_PACKET_BYTES = 188
TRANSPORT_SYNC = 0x47

Medium = Literal["video", "audio", "picture", "playlist", "text", "unknown"]


@dataclass(frozen=True)
class Container:
    """A kind of file.

    Attributes:
        medium: what such files hold; some `video` containers hold only sound.
        name: as people know it.
        demuxer: ffmpeg's name for it; empty when it is never opened.
    """

    medium: Medium
    name: str
    demuxer: str = ""


MOV = Container("video", "MP4/QuickTime", "mov")
MATROSKA = Container("video", "Matroska/WebM", "matroska")
PROGRAM = Container("video", "MPEG program stream", "mpeg")
TRANSPORT = Container("video", "MPEG transport stream", "mpegts")
UNKNOWN = Container("unknown", "an unknown format")
TEXT = Container("text", "a text file")
PLAYLIST = Container("playlist", "a playlist")

_MAGIC: tuple[tuple[int, bytes, Container], ...] = (
    (0, b"\x1aE\xdf\xa3", MATROSKA),
    (4, b"ftyp", MOV),
    (4, b"moov", MOV),
    (4, b"mdat", MOV),
    (4, b"free", MOV),
    (4, b"skip", MOV),
    (4, b"wide", MOV),
    (4, b"pnot", MOV),
    (8, b"AVI ", Container("video", "AVI", "avi")),
    (0, b"FLV\x01", Container("video", "Flash video", "flv")),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container("video", "Windows Media", "asf")),
    (0, b"OggS", Container("video", "Ogg", "ogg")),
    (0, b"\x00\x00\x01\xba", PROGRAM),
    (0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", Container("video", "MXF", "mxf")),
    (8, b"WAVE", Container("audio", "WAV")),
    (0, b"fLaC", Container("audio", "FLAC")),
    (0, b"ID3", Container("audio", "MP3")),
    (0, b"\xff\xfb", Container("audio", "MP3")),
    (0, b"\xff\xf3", Container("audio", "MP3")),
    (0, b"\xff\xf1", Container("audio", "AAC")),
    (0, b"\xff\xf9", Container("audio", "AAC")),
    (8, b"AIFF", Container("audio", "AIFF")),
    (0, b"\x89PNG", Container("picture", "PNG")),
    (0, b"\xff\xd8\xff", Container("picture", "JPEG")),
    (0, b"GIF8", Container("picture", "GIF")),
    (8, b"WEBP", Container("picture", "WebP")),
    (0, b"%PDF", Container("text", "a PDF")),
    (0, b"PK\x03\x04", Container("unknown", "a ZIP archive")),
    (0, b"\x1f\x8b", Container("unknown", "a gzip archive")),
)
_STILL_BRANDS = (b"heic", b"heix", b"mif1", b"avif")
_PLAYLIST_STARTS = ("#extm3u", "ffconcat", "[playlist]", "<asx", "<smil")


def sniff(head: bytes) -> Container:
    """The kind of a file from its first `HEAD_BYTES` bytes."""
    for offset, magic, container in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            if container is MOV and head[8:12] in _STILL_BRANDS:
                return Container("picture", "HEIF/AVIF")
            return container
    for start, length in ((0, TRANSPORT_PACKET_BYTES), (4, TRANSPORT_PACKET_BYTES + 4)):
        packets = range(start, len(head), length)
        if len(packets) >= 3 and all(head[at] == TRANSPORT_SYNC for at in packets):
            return TRANSPORT
    return _textual(head)


def container_of(path: Path) -> Container:
    """The kind of a file that may be opened.

    Raises:
        BadInput: it is empty.
        UnsupportedMedia: it is not a video; the message says what it is.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise BadInput(f"{path.name} is empty: copy or download the file again")
    found = sniff(head)
    if found.demuxer:
        return found
    raise UnsupportedMedia(f"{path.name} is {_verdict(found)}")


def _verdict(found: Container) -> str:
    match found.medium:
        case "audio":
            return f"sound only ({found.name}): clips need a video"
        case "picture":
            return f"a picture ({found.name}): clips need a video"
        case "playlist":
            return "a playlist, which clipmill does not follow: give the video file itself"
        case "text":
            return f"{found.name}, not a video: give a video file"
        case _:
            return f"{found.name}: give a video (MP4, MOV, MKV, WebM, TS, AVI...)"


def _textual(head: bytes) -> Container:
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # at the end a letter may be cut in two
            return UNKNOWN
        text = head[: error.start].decode("utf-8-sig")
    if "\0" in text:
        return UNKNOWN
    start = text.lstrip().lower()
    if start.startswith(_PLAYLIST_STARTS) or "<mpd" in start:
        return PLAYLIST
    return TEXT
