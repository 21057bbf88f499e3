"""What an export was made of and what came of it, as `manifest.json`. Numbers, kinds and reasons; never a text."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tactful.bulk.documents import Options
from tactful.bulk.files import whole
from tactful.errors import SetupError
from tactful.privacy.policy import Policy
from tactful.privacy.replacements import Replacement

NAME = "manifest.json"
# What must be the same when an export is taken up again, and what it is called when it is not.
FINGERPRINT = {"inputs": "an archive", "options": "an option", "policy": "privacy.yml", "tactful": "Tactful's version"}


def begun(inputs: list[dict[str, Any]], options: Options, policy: Policy, salt: str) -> dict[str, Any]:
    """The manifest of an export that is not finished."""
    chosen: dict[str, Any] = asdict(options)
    if options.replacement == Replacement.SURROGATE:
        chosen |= {"salt": salt, "faker": version("faker")}
    made = {"tactful": version("tactful"), "policy": policy.version, "options": chosen, "inputs": inputs}
    plain: dict[str, Any] = json.loads(json.dumps(made | {"finished": False}))
    return plain


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest in the folder, if there is one. Errors: `SetupError` when it is not ours."""
    path = folder / NAME
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {name: found[name] for name in FINGERPRINT} | found
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise SetupError(f"{path} is not a manifest of tactful redact: choose another --out.") from None


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is not as it was when the export was begun."""
    return [called for name, called in FINGERPRINT.items() if before[name] != now[name]]


def write(folder: Path, manifest: Mapping[str, Any]) -> None:
    with whole(folder / NAME) as file:
        json.dump(manifest, file, ensure_ascii=False, indent=2)
        file.write("\n")
