"""clipmill detect: shots, faces and who speaks, of a whole video; no clips are made."""

from __future__ import annotations

import argparse
import json
import sys

from pipelines.cli.command import Command, Options
from pipelines.cli.run import add_execution_options, execute
from pipelines.dag import detect_dag
from pipelines.job import add_job_options


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_job_options(parser, detect_dag())
    add_execution_options(parser)


def _run(options: Options) -> int:
    from steps.model import artifacts
    from steps.model.tracks import Tracks

    done = execute(detect_dag(), options)
    folder, where = done.folder, done.where
    tracks = Tracks.from_file(folder / artifacts.TRACKS.path)
    shots = [shot for clip in tracks.clips for shot in clip.shots]
    faces = [track for shot in shots for track in shot.tracks]
    if options.json:
        report = {
            "job": done.job,
            "tracks": f"{where}/{artifacts.TRACKS.path}",
            "shots": len(shots),
            "faces": len(faces),
        }
        sys.stdout.write(json.dumps(report) + "\n")
    elif not options.quiet:
        sys.stdout.write(
            f"{len(shots)} shots, {len(faces)} tracks: {where}/{artifacts.TRACKS.path}\n"
        )
    return 0


COMMAND = Command(
    "detect", "Find shots, faces and who speaks in a video, and stop there.", _add_options, _run
)
