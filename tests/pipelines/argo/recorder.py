"""A substitute for `python -m steps`: records its arguments, writes the list to fan out over."""

import json
import sys
from pathlib import Path

NOTES = "recorded.jsonl"


def main(argv: list[str]) -> None:
    folder = Path(next(word for word in argv if word.startswith("--out=")).removeprefix("--out="))
    with (folder / NOTES).open("a") as stream:
        stream.write(json.dumps(argv) + "\n")
    if argv[0] == "reframe":
        (folder / "clip_ids.json").write_text((folder / "ids").read_text())


if __name__ == "__main__":
    main(sys.argv[1:])
