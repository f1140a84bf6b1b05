"""Where captions may be: the part of a 1080x1920 picture that no platform covers with buttons."""

from __future__ import annotations

from dataclasses import dataclass

PLAY_RES_X = 1080
PLAY_RES_Y = 1920


@dataclass(frozen=True)
class SafeBox:
    """A rectangle in pixels of a 1080x1920 picture; right and bottom are the first ones outside."""

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int

    def __and__(self, other: SafeBox) -> SafeBox:
        """The common part."""
        return SafeBox(
            max(self.left_px, other.left_px),
            max(self.top_px, other.top_px),
            min(self.right_px, other.right_px),
            min(self.bottom_px, other.bottom_px),
        )

    @property
    def centred_width_px(self) -> int:
        """The widest text that is centred in the picture and stays inside."""
        centre = PLAY_RES_X // 2
        return 2 * min(centre - self.left_px, self.right_px - centre)


TIKTOK = SafeBox(108, 384, 940, 1536)
"""Middle 80 % by 60 % of the picture, less the button rail of 140 px on the right (published by
third parties; TikTok itself publishes none)."""

REELS = SafeBox(65, 270, 1015, 1250)
"""Meta's advertising guide: keep 14 % at the top, 35 % at the bottom and 6 % at the sides clear."""

SHORTS = SafeBox(108, 288, 972, 1440)
"""Title and channel cover the lower 25 %; 15 % at the top and 10 % at the sides are kept clear."""

BOXES = {"tiktok": TIKTOK, "reels": REELS, "shorts": SHORTS, "any": TIKTOK & REELS & SHORTS}
"""By the value of `--platform`; `any` is x 108-940, y 384-1250."""
