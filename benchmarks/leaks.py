"""What an installation keeps of values labelled personal: which were hidden at the door, which stand somewhere."""

import json
import os
import subprocess
from collections.abc import Sequence
from typing import Any

from installed import Installed
from measure import ROOT, Dialogue, Played
from sqlalchemy import create_engine, text

SHORTEST = 3  # characters: shorter values stand everywhere by chance


class Leaks:
    """Scans a home before and after; a value is *caught* when every message that held it was stored without it."""

    def __init__(self, dialogues: Sequence[Dialogue], installed: Installed) -> None:
        self._installed, home = installed, installed.home
        labels = {label for dialogue in dialogues for turn in dialogue.turns for label in turn.labels}
        self._values = sorted(value for value in labels if len(value) >= SHORTEST)
        self._file, self._baseline = home.parent / f"{home.name}.values", home.parent / f"{home.name}.baseline"

    def before(self) -> None:
        """What stands in a fresh installation, in the words its model was trained on: not leaked by anybody."""
        self._baseline.write_text(json.dumps(self._scan()))

    def after(self, played: Sequence[Played]) -> dict[str, Any]:
        """Counts over labelled values (each once) and over their occurrences in messages."""
        missed, elsewhere, occurrences, hidden = self._missed(played)
        found = self._scan("--baseline", str(self._baseline))
        self._baseline.unlink()
        standing = {self._value(place) for place in found["found"]}
        unexplained = standing - missed - elsewhere
        places = {place["where"].split("/")[-1] for place in found["found"] if self._value(place) in unexplained}
        return {
            "values": len(self._values),
            "occurrences": occurrences,
            "occurrences_hidden": hidden,
            "caught": len(self._values) - len(missed),
            "missed": len(missed),
            "caught_but_found": len(standing - missed),
            "caught_but_said_unlabelled": len((standing - missed) & elsewhere),
            "missed_and_found": len(standing & missed),
            "not_searched": found["not_searched"],
            "where_leaked": sorted(places)[:10],
        }

    def tell(self, result: dict[str, Any]) -> None:
        print(
            f"labelled values: {result['values']} different ones of at least {SHORTEST} characters; "
            f"{result['occurrences_hidden']} of {result['occurrences']} occurrences hidden at the door"
        )
        print(
            f"  caught everywhere: {result['caught']}; of these found by leakscan: {result['caught_but_found']}"
            f" ({result['caught_but_said_unlabelled']} of them said in another message that nobody labelled)"
        )
        print(f"  missed somewhere:  {result['missed']}; of these found by leakscan: {result['missed_and_found']}")
        for where in result["where_leaked"]:
            print(f"    {where}")

    def _value(self, place: dict[str, Any]) -> str:
        return self._values[place["line"] - 1]

    def _missed(self, played: Sequence[Played]) -> tuple[set[str], set[str], int, int]:
        """Values that stand in a stored message labelled with them, those that stand in one that is not,
        how many labelled occurrences there were, and how many of them were hidden.
        """
        database = create_engine(self._installed.database)
        with database.connect() as connection:
            rows = connection.execute(text("SELECT conversation_id, seq, text FROM messages WHERE author = 'customer'"))
            stored = {(row.conversation_id, row.seq): row.text.casefold() for row in rows}
        database.dispose()
        missed: set[str] = set()
        occurrences = hidden = 0
        for result in played:
            kept = stored.get((result.conversation, result.seq), "")
            for label in result.labels:
                if len(label) < SHORTEST:
                    continue
                occurrences += 1
                if label.casefold() in kept:
                    missed.add(label)
                else:
                    hidden += 1
        elsewhere = {value for value in self._values if any(value.casefold() in said for said in stored.values())}
        return missed, elsewhere - missed, occurrences, hidden

    def _scan(self, *more: str) -> dict[str, Any]:
        self._file.write_text("".join(json.dumps({"value": value}) + "\n" for value in self._values))
        command = [str(ROOT / ".venv/bin/tactful"), "leakscan", "--json", "--values", str(self._file), *more]
        environment = {**os.environ, **self._installed.environment}
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        finally:
            self._file.unlink()
        if not done.stdout:
            raise RuntimeError(f"leakscan said: {done.stderr.strip()}")
        return dict(json.loads(done.stdout))
