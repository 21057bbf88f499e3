"""The model of the data as it is now: which it is, where it lies, how it is made, and the commands that need it.

Imported by the supervisor, which starts what serves it; so nothing here reaches for a door's parts.
"""

import getpass
import hashlib
import re
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
import yaml

from tactful.errors import SetupError
from tactful.learn.asking import environment
from tactful.learn.models import Model
from tactful.learn.registry import Registry
from tactful.processes import die_with_parent

# What a model is made of: change one byte of it and it is another model. What only serves it stands in `NOT_MODEL`.
PARTS = ("config.yml", "domain.yml", "domain", "data", "engine/tactful_engine", "engine/uv.lock")
DATA = ("domain.yml", "domain", "data")
# Beside the model in the engine: how it is served, asked and looked through. Whatever else lies there, also what is
# new, counts as part of the model; a test holds this list against what a pipeline imports.
NOT_MODEL = frozenset(
    f"engine/tactful_engine/{name}.py"
    for name in (
        "actions_endpoint", "carried_on", "channel", "dictionary", "grouping", "kept_trackers", "later",
        "lean_actions", "lean_graph", "lean_store", "mislabels", "predict", "serve", "serving", "turn_rows",
    )
)  # fmt: skip
CODE_OR_DATA = {".py", ".yml", ".yaml", ".json", ".gz"}
STAGES = (
    (re.compile(r"Started validating"), "checking the data"),
    (re.compile(r"Starting to train component '(\w+)'"), "training {}"),
    (re.compile(r"Your Rasa model is trained"), "keeping the model"),
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # which would stand before the name of an error
ERROR = re.compile(r"\b(\w+(?:Exception|Error))\b")
FILE = re.compile(r"\b(?:data|domain|engine)/[\w/.-]+\.(?:yml|yaml|py)\b|\b(?:config|domain)\.yml\b")
CONFIG = ("config.yml", "engine/tactful_engine", "engine/uv.lock")
# A model that answers works on one message at a time; more threads would only wait for each other.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}


def fingerprint(project: Path, parts: Sequence[str] = PARTS) -> str:
    """Twelve hex digits over everything that the model of this project depends on, or over some of its parts."""
    digest = hashlib.sha256()
    for path in _files(project, parts):
        digest.update(path.relative_to(project).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def model_path(project: Path) -> Path:
    """Where the model of the data as it is now belongs."""
    return project / "models" / f"tactful-{fingerprint(project)}.tar.gz"


def rasa(project: Path) -> list[str]:
    """The engine's Rasa as a command. Errors: `SetupError` when the engine is not installed."""
    python = project / "engine/.venv/bin/python"
    if not python.exists():
        raise SetupError("The engine is not installed. Run: make install")
    return [str(python), "-W", "ignore", "-m", "rasa"]


def serving(project: Path) -> list[str]:
    """What serves a model to doors: takes those of `rasa run`'s arguments that an engine is started with.

    Errors: `SetupError` when the engine is not installed.
    """
    return [*rasa(project)[:-1], "tactful_engine.serve"]


def ensure_model(project: Path, told: Callable[[str], None] = lambda stage: None) -> Path:
    """The model for the data as it is now, trained if there is none; `told` hears how far it is.

    Rasa's own words are shown only when training fails: `SetupError`.
    """
    model = model_path(project)
    if model.exists():
        return model
    typer.echo("Training a model for this data; this takes two or three minutes …")
    start = time.monotonic()
    model.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".made-", dir=model.parent) as folder:
        name = model.name.removesuffix(".tar.gz")
        status, said = _watched(
            [*rasa(project), "train", "--fixed-model-name", name, "--out", folder], project, told
        )  # fmt: skip
        made = Path(folder) / model.name
        if status or not made.exists():
            typer.echo("\n".join(said), err=True)
            raise SetupError(f"Training failed{_kind(said)}. Everything that Rasa said: tactful train, on the machine.")
        if not model.exists():  # a start and a training may do the same at once: the first one's file is registered
            made.rename(model)
    typer.echo(f"Trained in {time.monotonic() - start:.0f} s.")
    return model


def _watched(command: Sequence[str], project: Path, told: Callable[[str], None]) -> tuple[int, list[str]]:
    """Run Rasa: its exit status and what it said. It does not outlive this process, however that ends."""
    said: list[str] = []
    with subprocess.Popen(
        command, cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", preexec_fn=die_with_parent,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            for line in process.stdout:
                said.append(COLOUR.sub("", line).rstrip())
                for pattern, stage in STAGES:
                    if found := pattern.search(line):
                        told(stage.format(*found.groups()))
        except BaseException:
            process.kill()
            raise
    return process.returncode, said


def _kind(said: Sequence[str]) -> str:
    """The kind of error that Rasa ended with, and in which file; not its words, which may quote a sentence."""
    errors = [found for line in said if (found := ERROR.search(line))]
    files = [found.group() for line in said if (found := FILE.search(line))]
    told = [f" with {errors[-1].group(1)}" if errors else "", f", in {files[-1]}" if errors and files else ""]
    return "".join(told)


def register(models: Registry, project: Path, model: Path, taught: int = 0, by: str = "") -> Model:
    """Enter the model of the data as it is now. Errors: `ModelChanged` when it is not the file that was entered."""
    return models.add(
        model,
        data=fingerprint(project, DATA),
        config=fingerprint(project, CONFIG),
        seed=_seed(project / "config.yml"),
        by=by or getpass.getuser(),
        conversations=taught,
    )


def _seed(config: Path) -> int | None:
    """The pipeline's seed, where the config names one."""
    parts = (yaml.safe_load(config.read_text(encoding="utf-8")) or {}).get("pipeline") or ()
    return next((part["random_state"] for part in parts if "random_state" in part), None)


def _files(project: Path, parts: Sequence[str]) -> Iterable[Path]:
    for part in parts:
        path = project / part
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and _counts(project, p))
        elif path.exists():
            yield path


def _counts(project: Path, path: Path) -> bool:
    return path.suffix in CODE_OR_DATA and path.relative_to(project).as_posix() not in NOT_MODEL
