"""Where training data that came from conversations lies, and whether there is any."""

from pathlib import Path

REVIEWED = "data/nlu/reviewed"  # what came from conversations; everything else in data/ was written by hand
SENTENCES, PROVENANCE = "reviewed.yml", "provenance.jsonl"


def exported(project: Path) -> bool:
    """Whether there is data that came from conversations."""
    return any((project / REVIEWED / name).exists() for name in (SENTENCES, PROVENANCE))
