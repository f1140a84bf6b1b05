"""tracks.json: what is seen in the clips: shots, tracks of faces and people, who speaks."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from steps.contract import Document, Value
from steps.model.clips import MAX_CLIPS, ClipId, check_length
from steps.model.geometry import Box, Px, Size
from steps.model.screens import Screen, is_drawn
from steps.model.timing import Ms, Span, check_cover, check_unique
from steps.model.transcript import Thousandths

MAX_DETECTIONS = 100_000
"""Of one track, and turns of one shot: an hour at 25 samples a second."""

MAX_TRACKS = 10_000
"""Of one shot: a crowd in which each face is lost and found again many times."""

MAX_SHOTS = 10_000
"""Of one clip: an hour of shots of a third of a second."""


class Detection(Value):
    """A box in one sampled frame, in pixels of the upright source picture.

    Attributes:
        time_ms: of the frame, on the source's clock.
        score: of the detector; 0 where the box is interpolated between two that were seen.
        hidden: the face is not seen (turned away, covered): the box is where the pose of its body
            puts the head.
        head: of a person, where the face is or would be.
        mouth: how much the mouth moves until the next sample; absent if nobody else is in the shot.
    """

    time_ms: Ms
    box: Box
    score: Thousandths
    hidden: bool = False
    head: Box | None = None
    eyes_y_px: Px | None = None
    mouth: Thousandths | None = None


class Track(Value):
    """The same face or person over the samples of one shot, in order of time.

    Attributes:
        lives: whether it moves on its own; a face on a poster, a slide or a picture does not, and
            has no turn.
    """

    id: str
    subject: Literal["face", "person"]
    lives: bool = True
    detections: Annotated[tuple[Detection, ...], Field(min_length=1, max_length=MAX_DETECTIONS)]

    @model_validator(mode="after")
    def _in_order(self) -> Track:
        for before, after in pairwise(self.detections):
            if after.time_ms <= before.time_ms:
                raise ValueError(
                    f"the detection at {after.time_ms} ms of {self.id!r} comes after the one at "
                    f"{before.time_ms} ms"
                )
        return self


class Landmark(Value):
    """A point of a body, in pixels of the upright source picture, moved to its edge if outside."""

    x_px: Px
    y_px: Px
    visible: Thousandths


class Pose(Value):
    """A body in one sampled frame.

    Attributes:
        time_ms: of the frame, on the source's clock.
        track: of its face, else of its person; absent where neither is tracked.
        landmarks: 33, in the order of MediaPipe's BlazePose: 0 nose, 1-6 eyes, 7-8 ears, 9-10
            mouth, 11-12 shoulders, 13-22 arms and hands, 23-24 hips, 25-32 legs and feet; the left
            one of a pair first, left as the person would say.
    """

    time_ms: Ms
    track: str | None = None
    landmarks: Annotated[tuple[Landmark, ...], Field(min_length=33, max_length=33)]


class Turn(Span):
    """A time in which one track counts as the speaker."""

    track: str


class ShotTracks(Span):
    """One shot of a clip; tracks never cross a cut.

    Attributes:
        detail: share of the picture that is sharp edges, as text and drawings are; median over the
            samples.
        motion: mean change of brightness from sample to sample over its range; median.
        stirred: share of the picture that changes at all, if only by grain; median.
        inside: the part of the picture inside black bars; absent where there are none.
        screen: what is drawn; absent from a shot that is filmed and has no inset.
        turns: they cover the shot without gaps; empty where nobody who lives is seen.
        poses: of the bodies, in order of time.
    """

    detail: Thousandths
    motion: Thousandths
    stirred: Thousandths = 0
    inside: Box | None = None
    screen: Screen | None = None
    tracks: Annotated[tuple[Track, ...], Field(max_length=MAX_TRACKS)]
    turns: Annotated[tuple[Turn, ...], Field(max_length=MAX_DETECTIONS)]
    poses: Annotated[tuple[Pose, ...], Field(max_length=MAX_DETECTIONS)] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether its picture is a slide, a screen or a drawing."""
        is_slide = self.screen is not None and self.screen.is_slide
        return is_slide or is_drawn(self.detail, self.motion, self.stirred)

    @model_validator(mode="after")
    def _consistent(self) -> ShotTracks:
        check_unique((track.id for track in self.tracks), "the track id")
        check_cover(self.turns, "the turn", self)
        known = {track.id for track in self.tracks}
        for turn in self.turns:
            if turn.track not in known:
                raise ValueError(f"the turn at {turn.in_ms} ms names the unknown {turn.track!r}")
        for pose in self.poses:
            if pose.track is not None and pose.track not in known:
                raise ValueError(f"the pose at {pose.time_ms} ms names the unknown {pose.track!r}")
        insets = self.screen.insets if self.screen else ()
        check_cover(insets, "the inset", self)
        for inset in (*insets, *(self.screen.tiles if self.screen else ())):
            if inset.track not in known:
                raise ValueError(f"the inset at {inset.in_ms} ms names unknown {inset.track!r}")
        return self


class ClipTracks(Value):
    """All shots of a clip, covering it without gaps."""

    id: ClipId
    shots: Annotated[tuple[ShotTracks, ...], Field(min_length=1, max_length=MAX_SHOTS)]

    @property
    def span(self) -> Span:
        """The time that the shots cover."""
        return Span(in_ms=self.shots[0].in_ms, out_ms=self.shots[-1].out_ms)

    @model_validator(mode="after")
    def _consistent(self) -> ClipTracks:
        check_cover(self.shots, "the shot")
        check_length(self.span, self.id)
        return self


class Tracks(Document):
    """What was seen.

    Attributes:
        size: of the picture that boxes refer to.
        sample_ms: distance of the sampled frames.
        detector: the engine that found faces and persons; `off` where nobody looked.
        pose: the engine that found the poses, or `off`.
        speaker_method: the engine that decided turns where a shot has several faces; `largest` also
            where that never happens.
    """

    kind: Literal["clipmill/tracks@1"] = "clipmill/tracks@1"
    size: Size
    sample_ms: Annotated[int, Field(ge=33, le=2000)]
    detector: str
    pose: str = "off"
    speaker_method: str
    clips: Annotated[tuple[ClipTracks, ...], Field(max_length=MAX_CLIPS)]

    @model_validator(mode="after")
    def _consistent(self) -> Tracks:
        check_unique((clip.id for clip in self.clips), "the clip id")
        self.size.check_croppable()
        for clip in self.clips:
            for shot in clip.shots:
                if shot.inside is not None:
                    shot.inside.check_inside(self.size)
                if shot.screen is not None:
                    shot.screen.check_inside(self.size)
                for track in shot.tracks:
                    for detection in track.detections:
                        detection.box.check_inside(self.size)
                        if detection.head is not None:
                            detection.head.check_inside(self.size)
        return self
