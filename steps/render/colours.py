"""Filters that bring any decoded picture to BT.709 in limited range, progressive, 8 bit. Pure."""

from __future__ import annotations

from steps.media.appearance import Appearance
from steps.media.ffmpeg import EXACT_SCALING

HDR_PEAK_NITS = 203
"""Reference white of HDR pictures (ITU-R BT.2408), which becomes SDR's white."""

MOBIUS_KNEE = 0.9
"""Of white: darker light is kept as it is, so that reference white is 230 of 235 and only what is
brighter is squeezed. The filter's own 0.3 shows white as grey, at 201."""

TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
"""What every picture is tagged with; filters that join pictures forget it."""

_SCALING = f"flags=bicubic+{EXACT_SCALING}"


def prepare(appearance: Appearance) -> str:
    """The filters, each with its comma. Most sources only get their tags written."""
    chain = "bwdif=mode=send_frame:deint=interlaced," if appearance.is_interlaced else ""
    if appearance.hdr:
        return (
            f"{chain}setparams=colorspace=bt2020nc:color_primaries=bt2020:"
            f"color_trc={appearance.hdr},"
            f"zscale=t=linear:npl={HDR_PEAK_NITS},format=gbrpf32le,zscale=p=bt709,"
            f"tonemap=mobius:param={MOBIUS_KNEE}:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p,{TAGS},"
        )
    if appearance.matrix != "bt709" or appearance.is_full_range:
        span = "pc" if appearance.is_full_range else "tv"
        chain += (
            f"setparams=colorspace={appearance.matrix}:range={span},"
            f"scale=in_range={span}:out_color_matrix=bt709:out_range=tv:{_SCALING},"
        )
    return f"{chain}{TAGS},"
