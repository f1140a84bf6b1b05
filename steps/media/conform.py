"""Make a cut of pictures that change their form or stand for long: encoded, nearly lossless.

The pictures keep their own times, on the source's clock. Each is scaled into one size, and the one
on screen is repeated while no other comes. The sound is copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.video.format import VideoFormat
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from steps.contract.errors import StepError, UnsupportedMedia
from steps.media.appearance import HDR_TRANSFERS, MATRICES, matrix_of
from steps.media.copying import MUXING, copied_stream
from steps.media.ffmpeg import EXACT_SCALING
from steps.media.opening import address, opened
from steps.media.packets import key_frame_before, packets_from, pictures_until, stamp, time_of
from steps.media.probe import CONVERT
from steps.media.survey import Form, Survey, decoded, form_of
from steps.model.geometry import Size, even
from steps.model.timing import Span

REPEAT_MS = 500
"""A picture that stands is stored again after this time: a player or a step that seeks finds one
near, and hardly a byte is added."""

LEAD_MS = 200
"""Sound is kept from this much before the span: decoders of sound need a packet to start with."""

BT709_LIMITED = (1, 1, 1, 1)
KEPT_FORMATS = ("yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le")
"""Pixel formats that are encoded as they are."""

CODING = {
    "preset": "superfast",
    "qp": "12",
    "x264-params": "cpu-independent=1:keyint=24:scenecut=0:bframes=0:rc-lookahead=0",
}
"""A constant quantiser of 12 shows no difference to the eye; every 24th picture is a key frame.
The same bytes on every CPU, as in render."""

_MS = Fraction(1, 1000)
_SCALING = f"flags=bicubic+{EXACT_SCALING}"
_TURNS = {90: [("transpose", "clock")], 180: [("hflip", ""), ("vflip", "")]}
_TURNS[270] = [("transpose", "cclock")]

Filters = list[tuple[str, str]]


@dataclass(frozen=True)
class Target:
    """What all pictures of a conformed cut are.

    Attributes:
        colours: as in `Form`.
        is_converted: the colours of some pictures change.
    """

    size: Size
    pixel_format: str
    colours: tuple[int, int, int, int]
    is_converted: bool


def target_of(found: Survey, size: Size) -> Target:
    """The pixel format and the colours that all pictures have, else 8-bit BT.709.

    Untagged pictures are tagged by what is assumed of the smallest ones: one encoder made them all.

    Raises:
        UnsupportedMedia: HDR pictures are among others.
    """
    colours = {form.colours for form in found.forms}
    formats = {form.pixel_format for form in found.forms}
    if len(colours) == 1 and not any(VideoFormat(name).is_rgb for name in formats):
        matrix, primaries, transfer, levels = colours.pop()
        smallest = min(found.forms, key=lambda form: form.size.height_px).stored
        matrix = matrix_of(matrix, smallest)
        kept = formats.pop() if len(formats) == 1 else ""
        deep = any(VideoFormat(form.pixel_format).components[0].bits > 8 for form in found.forms)
        plain = "yuv420p10le" if deep else "yuv420p"
        pixel_format = kept if kept in KEPT_FORMATS else plain
        return Target(size, pixel_format, (matrix, primaries, transfer, levels), False)
    if any(transfer in HDR_TRANSFERS for _, _, transfer, _ in colours):
        raise UnsupportedMedia(
            f"the pictures change between HDR and other colours: {CONVERT}, with one kind of colour"
        )
    return Target(size, "yuv420p", BT709_LIMITED, True)


def filters_of(form: Form, target: Target, *, deinterlaced: bool) -> Filters:
    """The filters, as (name, arguments), that bring pictures of a form to the target."""
    chain: Filters = [("bwdif", "mode=send_frame:deint=interlaced")] if deinterlaced else []
    chain += _TURNS.get(form.rotation_deg, [])
    width, height = _inside(form.size, target.size)
    scaling = f"{width}:{height}:{_SCALING}"
    if target.is_converted:
        matrix, _, _, levels = form.colours
        known = MATRICES[matrix_of(matrix, form.stored)]
        scaling += f":out_color_matrix=bt709:in_range={'pc' if levels == 2 else 'tv'}:out_range=tv"
        if not VideoFormat(form.pixel_format).is_rgb:
            scaling += f":in_color_matrix={known}"
    chain += [("scale", scaling), ("format", target.pixel_format)]
    if (width, height) != (target.size.width_px, target.size.height_px):
        left = even((target.size.width_px - width) / 2)
        top = even((target.size.height_px - height) / 2)
        chain.append(("pad", f"{target.size.width_px}:{target.size.height_px}:{left}:{top}"))
    return [*chain, ("setsar", "1")]


def _inside(size: Size, room: Size) -> tuple[int, int]:
    """The largest picture of the shape of `size` in the room, even."""
    scale = min(Fraction(room.width_px, size.width_px), Fraction(room.height_px, size.height_px))
    width, height = (even(float(side * scale)) for side in (size.width_px, size.height_px))
    return max(2, width), max(2, height)


def conform_span(source: Path, span: Span, found: Survey, size: Size, into: Path) -> None:
    """Encode the pictures that are on screen in a span, and copy its sound.

    The first picture is at the span's start; the last one is at its end.

    Args:
        source: `source.mkv`.
        span: the part, on its clock.
        found: what the part holds.
        size: what all pictures become; those of another shape get bars.
        into: the file to write.

    Raises:
        StepError: the source has no picture in the span.
        UnsupportedMedia: its forms have no common one.
    """
    target = target_of(found, size)
    with (
        opened(source) as (container, _),
        av.open(address(into), "w", format="matroska", options=MUXING) as cut,
    ):
        encoder = _encoder(cut, target)
        shaper = _Shaper(container.streams.video[0], found, target)
        is_empty = True
        for time_ms, frame in on_screen(_shaped(container, span, shaper, cut), span):
            frame.pts, frame.time_base = time_ms, _MS
            cut.mux(encoder.encode(frame))
            is_empty = False
        if is_empty:
            raise StepError(f"{source.name} has no picture before {span.out_ms} ms: a bug in cut")
        cut.mux(encoder.encode(None))


def on_screen(
    pictures: Iterable[tuple[int, VideoFrame]], span: Span
) -> Iterator[tuple[int, VideoFrame]]:
    """What is stored: pictures at their times, repeated while they stand, from end to end.

    Args:
        pictures: with the time at which each appears, in order.
        span: the part that they have to cover.
    """
    shown: VideoFrame | None = None
    shown_ms = span.in_ms
    for time_ms, frame in pictures:
        if time_ms >= span.out_ms:
            break
        if shown is not None and time_ms > span.in_ms:
            for again_ms in range(shown_ms, time_ms, REPEAT_MS):
                yield again_ms, shown
        shown, shown_ms = frame, max(time_ms, span.in_ms)
    if shown is not None:
        for again_ms in range(shown_ms, span.out_ms, REPEAT_MS):
            yield again_ms, shown
        yield span.out_ms, shown


def _shaped(
    container: InputContainer, span: Span, shaper: _Shaper, cut: OutputContainer
) -> Iterator[tuple[int, VideoFrame]]:
    """The pictures from the key frame before the span on; the sound is copied in passing."""
    video, sound = container.streams.video[0], container.streams.audio[:1]
    copies = {stream.index: copied_stream(cut, stream) for stream in sound}
    start = key_frame_before(container, span.in_ms)
    pictures_left = len(pictures_until(container, start, span.out_ms))
    sound_left = bool(sound)
    for packet in packets_from(container, [video, *sound], start):
        if packet.stream is video:
            if pictures_left:
                pictures_left -= 1
                yield from shaper.shaped(packet)
        elif stamp(packet) >= span.out_ms:
            sound_left = False
        elif stamp(packet) >= span.in_ms - LEAD_MS:
            packet.stream = copies[packet.stream.index]
            cut.mux(packet)
        if not pictures_left and not sound_left:
            break
    yield from shaper.shaped(None)


def _encoder(cut: OutputContainer, target: Target) -> VideoStream:
    stream = cut.add_stream("libx264", rate=Fraction(1000), options=CODING)
    stream.width, stream.height = target.size.width_px, target.size.height_px
    stream.pix_fmt = target.pixel_format
    context = stream.codec_context
    context.time_base = _MS
    context.thread_count = 1
    context.colorspace, context.color_primaries, context.color_trc, context.color_range = (
        target.colours
    )
    return stream


class _Shaper:
    """Turns packets into pictures of the target's form, through one graph for each form."""

    def __init__(self, stream: VideoStream, found: Survey, target: Target) -> None:
        self._stream = stream
        self._found = found
        self._target = target
        self._form: Form | None = None
        self._graph: Graph | None = None

    def shaped(self, packet: Packet[VideoStream] | None) -> Iterator[tuple[int, VideoFrame]]:
        """The pictures that a packet completes, in order; the rest at the end, without one."""
        for frame in decoded(self._stream, packet):
            frame.pts, frame.time_base = time_of(frame), _MS
            form = form_of(frame, self._found.aspect_at(frame.pts))
            if form != self._form:
                yield from self._finished()
                self._form = form
                deinterlaced = self._found.is_interlaced
                filters = filters_of(form, self._target, deinterlaced=deinterlaced)
                self._graph = _graph(form, filters)
            assert self._graph is not None
            self._graph.push(frame)
            yield from self._ready()
        if packet is None:
            yield from self._finished()

    def _finished(self) -> Iterator[tuple[int, VideoFrame]]:
        if self._graph is not None:
            self._graph.push(None)
            yield from self._ready()
            self._graph = None

    def _ready(self) -> Iterator[tuple[int, VideoFrame]]:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.vpull()
            except (BlockingIOError, EOFError):
                return
            frame.pict_type = PictureType.NONE  # else the encoder repeats the source's key frames
            yield time_of(frame), frame


def _graph(form: Form, filters: Filters) -> Graph:
    matrix, _, _, levels = form.colours
    graph = Graph()
    source = (
        f"video_size={form.stored.width_px}x{form.stored.height_px}:pix_fmt={form.pixel_format}:"
        f"time_base=1/1000:pixel_aspect=1/1:colorspace={matrix}:range={levels}"
    )
    nodes = [
        graph.add("buffer", source),
        *(graph.add(name, arguments) for name, arguments in filters),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    return graph
