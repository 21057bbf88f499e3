"""The intents that a turn can be corrected to: those of the assistant's domain, with a title where they have one."""

from functools import cache
from pathlib import Path

import yaml

from tactful.assistant.titles import TITLES

# Sent by the door itself: no customer means them.
OURS = frozenset({"conversation_started", "profile_changed", "nlu_fallback", "session_start", "restart", "back"})


@cache
def intents(project: Path) -> dict[str, str]:
    """Name → title, sorted; the name in words where there is no title."""
    stated = yaml.safe_load((project / "domain.yml").read_text(encoding="utf-8")).get("intents", [])
    names = [next(iter(each)) if isinstance(each, dict) else each for each in stated]
    return {name: title_of(name) for name in sorted(names) if name not in OURS}


def meant(project: Path, typed: str) -> str | None:
    """The intent that somebody typed: its name, its title, or words that only one title has; None where it is unclear.

    Lists of a browser put a name into the field; people type what they read.
    """
    known, words = intents(project), " ".join(typed.casefold().split())
    if typed in known or not words:
        return typed if typed in known else None
    titles = {name: title.casefold() for name, title in known.items()}
    found = [name for name, title in titles.items() if words in (title, name)]
    found = found or [name for name, title in titles.items() if words in title]
    return found[0] if len(found) == 1 else None


def title_of(name: str) -> str:
    """An intent in words."""
    if name in ("", "nlu_fallback"):
        return "Not understood"
    return TITLES.get(name) or name.replace("_", " ").capitalize()
