"""The engine: installed, of the right version, with the model that is registered; and whether anything runs."""

import subprocess

import httpx

from tactful.checks.finding import Doubtful, Wrong
from tactful.cli.modelling import model_path, rasa
from tactful.config import Settings
from tactful.learn.model_files import verify
from tactful.learn.models import CHAMPION
from tactful.learn.registry import Registry

RASA = "3.6.21"
ASK = "import platform, importlib.metadata as m; print(platform.python_version(), m.version('rasa'))"


def versions(settings: Settings) -> str:
    """Rasa and its Python are those that Tactful was made for."""
    python = rasa(settings.project)[0]
    done = subprocess.run([python, "-c", ASK], capture_output=True, text=True, timeout=60)
    found = done.stdout.split()
    if done.returncode or len(found) != 2:
        raise Wrong("The engine's Python does not run, or Rasa is not installed in it. Run: make install")
    if not found[0].startswith("3.10.") or found[1] != RASA:
        raise Wrong(f"Rasa {found[1]} on Python {found[0]}; needed are {RASA} on 3.10. Run: make install")
    return f"Rasa {found[1]} on Python {found[0]}"


def model(settings: Settings, models: Registry) -> str:
    """What answers is the file that was registered."""
    state = models.state()
    if champion := state.alias(CHAMPION):
        verify(champion)
        return f"{champion.name}, the champion, sha256 {champion.sha256[:12]}"
    here = model_path(settings.project)
    if not here.exists():
        raise Wrong("There is none for this data. Run: tactful train")
    if served := state.answering:
        if served.path == here.resolve():
            verify(served)
        return f"{here.name}, nobody promoted any"
    raise Doubtful(f"{here.name} is not registered yet: nothing ever served it. Start it with: make run")


def running(settings: Settings) -> str:
    """A door answers, and each of its parts works."""
    address = f"http://127.0.0.1:{settings.port}"
    try:
        told = httpx.get(f"{address}/readyz", timeout=15)
        content = told.json()
    except (httpx.HTTPError, ValueError):
        raise Wrong(f"Nothing answers at {address}. Start it with: make run") from None
    if told.status_code != httpx.codes.OK:
        reasons = "; ".join(f"{part}: {why}" for part, why in content.get("reasons", {}).items())
        raise Wrong(f"Not ready. {reasons}. What to do: docs/runbook.md")
    return address
