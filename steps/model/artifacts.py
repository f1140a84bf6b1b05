"""The map of a job: every file that steps exchange, under its one name and one path.

The path is the same in a step's folders, in the job folder on disk and under the job's prefix in a
bucket. A step declares which of these it reads and writes; the DAG's edges follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steps.contract import DocumentPort, Port
from steps.contract.receipt import RECEIPTS_FOLDER, RECORDS_FOLDER

if TYPE_CHECKING:
    from steps.model.answers import Answers
    from steps.model.captions import Captions
    from steps.model.channels import Channels
    from steps.model.clips import Chunks, Clips, Summary
    from steps.model.crop import Crops
    from steps.model.edl import Edl
    from steps.model.manifest import Manifest
    from steps.model.moderation import Moderation
    from steps.model.render_check import RenderCheck
    from steps.model.run import Run
    from steps.model.source import SourceMeta
    from steps.model.tracks import Tracks
    from steps.model.transcript import Transcript

SOURCE = Port("source", "source.mkv", "the source, remuxed, never transcoded")
AUDIO = Port("audio", "audio.flac", "its sound, 16 kHz mono; absent from a silent source", True)
CHANNELS: DocumentPort[Channels] = DocumentPort(
    "channels",
    "channels.json",
    "how loud each channel is, where each person has one",
    optional=True,
    reference="steps.model.channels:Channels",
)
SUBTITLES = Port("subtitles", "captions.vtt", "captions that came with the source", True)
SOURCE_META: DocumentPort[SourceMeta] = DocumentPort(
    "source_meta",
    "source_meta.json",
    "title, duration, size, rate",
    reference="steps.model.source:SourceMeta",
)
TRANSCRIPT: DocumentPort[Transcript] = DocumentPort(
    "transcript",
    "transcript.json",
    "words with their times",
    reference="steps.model.transcript:Transcript",
)
TRANSCRIPT_FILE = Port(
    "transcript_file", "inputs/transcript", "the user's transcript, if there is one", optional=True
)
GLOSSARY_FILE = Port(
    "glossary_file",
    "inputs/glossary",
    "names and replacements, if the user gave them",
    optional=True,
)
FINDINGS: DocumentPort[Moderation] = DocumentPort(
    "findings",
    "findings.json",
    "what the policy found in the source's key frames and near them",
    reference="steps.model.moderation:Moderation",
)
EVIDENCE = Port("evidence", "evidence/", "what was found there, in small blurred pictures", True)
MODERATION: DocumentPort[Moderation] = DocumentPort(
    "moderation",
    "moderation.json",
    "what the policy found, inside the clips too",
    reference="steps.model.moderation:Moderation",
)
CLIP_EVIDENCE = Port(
    "clip_evidence", "clip_evidence/", "what was found inside the clips, likewise", True
)
POLICY_FILE = Port(
    "policy_file", "inputs/policy", "the moderation policy, if the user gave a file", optional=True
)
STILLS = Port("stills", "stills/", "small pictures of the source, if a model is to see it", True)
CHUNKS: DocumentPort[Chunks] = DocumentPort(
    "chunks", "chunks.json", "runs of sentences, 10-20 s", reference="steps.model.clips:Chunks"
)
PLAN: DocumentPort[Clips] = DocumentPort(
    "plan", "plan.json", "the clips as the words say", reference="steps.model.clips:Clips"
)
CLIPS: DocumentPort[Clips] = DocumentPort(
    "clips",
    "clips.json",
    "the clips with their final edges, which the pictures decide",
    reference="steps.model.clips:Clips",
)
CLIP_IDS = Port(
    "clip_ids", "clip_ids.json", "the ids of what to render, to fan out over", parameter=True
)
SUMMARY: DocumentPort[Summary] = DocumentPort(
    "summary",
    "summary.json",
    "summary, keywords, titles, hooks",
    reference="steps.model.clips:Summary",
)
ANSWERS: DocumentPort[Answers] = DocumentPort(
    "answers",
    "answers.jsonl",
    "what a language model was asked, and said",
    optional=True,
    reference="steps.model.answers:Answers",
)
ANSWERS_FILE = Port(
    "answers_file", "inputs/answers.jsonl", "recorded answers, if the user gave them", optional=True
)
CUTS = Port("cuts", "cuts/", "each clip with handles, copied where regular: cuts/clip_01.mkv")
CUT = Port("cut", "cuts/{clip}.mkv", "one clip with handles")
FRAMES = Port(
    "frames", "frames/", "small key frames of the source and of each clip, for the report", True
)
TRACKS: DocumentPort[Tracks] = DocumentPort(
    "tracks", "tracks.json", "shots, faces, who speaks", reference="steps.model.tracks:Tracks"
)
CROPS: DocumentPort[Crops] = DocumentPort(
    "crops",
    "crops.json",
    "layout and crop keyframes per shot",
    per_aspect=True,
    reference="steps.model.crop:Crops",
)
MORE_CROPS = Port("more_crops", "crops/", "the same for each further aspect: crops/4x5.json", True)
CAPTIONS: DocumentPort[Captions] = DocumentPort(
    "captions",
    "captions.json",
    "cues with their words",
    per_aspect=True,
    reference="steps.model.captions:Captions",
)
MORE_CAPTIONS = Port(
    "more_captions", "captions/", "the same for each further aspect: captions/4x5.json", True
)
CAPTION_FILES = Port(
    "caption_files", "clips/", ".ass, .srt, .vtt, .txt and .words.json of each clip and aspect"
)
STYLE_FILE = Port(
    "style_file", "inputs/style", "the caption style, if the user gave a file", optional=True
)
FONT_FILE = Port(
    "font_file", "inputs/font", "the captions' font, if the user gave one", optional=True
)
CLIP_ASS = Port("clip_ass", "clips/{rendition}.ass", "the styled captions of one clip", True)
CLIP_VIDEO = Port("clip_video", "clips/{rendition}.mp4", "the finished clip")
CLIP_PICTURE = Port("clip_picture", "clips/{rendition}.jpg", "its thumbnail")
CLIP_CHECK: DocumentPort[RenderCheck] = DocumentPort(
    "clip_check",
    "checks/{rendition}.json",
    "the clip as measured",
    reference="steps.model.render_check:RenderCheck",
)
CHECKS = Port("checks", "checks/", "what was measured of every clip: checks/clip_01.json")
RECEIPTS = Port("receipts", f"{RECEIPTS_FOLDER}/", "the receipt of every task")
RECORDS = Port("records", f"{RECORDS_FOLDER}/", "when and where every task ran")
EDL: DocumentPort[Edl] = DocumentPort(
    "edl", "edl.json", "the ordered list of clips", reference="steps.model.edl:Edl"
)
EDIT_LIST = Port("edit_list", "clips.edl", "the cuts as a CMX 3600 edit list")
OTIO = Port("otio", "clips.otio", "the cuts, layouts and crops for OpenTimelineIO")
FCPXML = Port("fcpxml", "clips.fcpxml", "the cuts and crops for Final Cut Pro and Resolve")
FCP7_XML = Port("fcp7_xml", "clips.xml", "the cuts and crops for Premiere and Resolve")
REPORT = Port("report", "report.html", "the job on one page, for people")
MANIFEST: DocumentPort[Manifest] = DocumentPort(
    "manifest", "manifest.json", "the commit marker", reference="steps.model.manifest:Manifest"
)
RUN: DocumentPort[Run] = DocumentPort(
    "run", "run.json", "who ran what, when, where, for how long", reference="steps.model.run:Run"
)
