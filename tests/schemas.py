"""The JSON schemas of all documents: `python -m tests.schemas` writes them to docs/schemas."""

import json
from pathlib import Path

from steps.contract import Document, DocumentPort
from steps.contract.receipt import Receipt, RunRecord
from steps.model import artifacts
from steps.model.captions import ClipWords

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schemas"


def documents() -> dict[str, type[Document]]:
    """Every class of documents by the name of its schema file: `transcript@1.json`."""
    ports = [port for port in vars(artifacts).values() if isinstance(port, DocumentPort)]
    classes = [Receipt, RunRecord, ClipWords, *(port.document for port in ports)]
    return {f"{found.tag().removeprefix('clipmill/')}.json": found for found in classes}


def schemas() -> dict[str, str]:
    """The text of every schema file."""
    return {
        name: json.dumps(found.json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, found in sorted(documents().items())
    }


def main() -> None:
    """Write the files, and remove those of documents that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = schemas()
    for path in FOLDER.glob("*.json"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
