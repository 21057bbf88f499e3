"""The engine as a process: what `rasa run` does for the door's channel, without what an assistant of rules never uses.

    python -m tactful_engine.serve --port 8381 --model m.tar.gz --endpoints e.yml --credentials c.yml

A model with a component that is not known to do without TensorFlow, or a channel of Rasa's own, is served by
`rasa run` itself, with the same arguments: slower to start and larger, else the same.
"""

import argparse
import json
import logging
import os
import sys
import tarfile
from importlib import import_module
from pathlib import Path
from typing import List, Optional, Sequence

import yaml

from tactful_engine.later import later, without_its_start

# Imported by modules that are needed, for what only training, other stores, other channels or a terminal need.
UNUSED = (
    "aio_pika apscheduler boto3 keras matplotlib prompt_toolkit pymongo questionary randomname redis requests "
    "sklearn.linear_model tensorflow rasa.core.test rasa.graph_components.validators "
    "rasa.utils.tensorflow.callback rasa.utils.tensorflow.data_generator rasa.utils.tensorflow.model_data"
).split()

# Where components are that do without all of these when they answer.
LEAN = (
    "tactful_engine.",
    "rasa.graph_components.",
    "rasa.core.policies.ensemble.",
    "rasa.core.policies.rule_policy.",
    "rasa.nlu.classifiers.fallback_classifier.",
    "rasa.nlu.classifiers.regex_message_handler.",
    "rasa.nlu.tokenizers.whitespace_tokenizer.",
)


def parser() -> argparse.ArgumentParser:
    """Those of `rasa run`'s arguments that Tactful starts an engine with."""
    arguments = argparse.ArgumentParser(description="Serve a model to Tactful's doors.")
    arguments.add_argument("--interface", default="127.0.0.1")
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--endpoints", type=Path, required=True)
    arguments.add_argument("--credentials", type=Path, required=True)
    return arguments


def needs_all_of_rasa(model: Path, credentials: Path) -> Optional[str]:
    """What asks for `rasa run`: a component of the model or a channel; None where nothing does."""
    named = yaml.safe_load(credentials.read_text(encoding="utf-8")) or {}
    asking = [name for name in named if not name.startswith("tactful_engine.")]
    return next(iter([*asking, *(name for name in components(model) if not name.startswith(LEAN))]), None)


def components(model: Path) -> List[str]:
    """The classes that answer in a model, by module and name. Errors: `OSError`, `tarfile.TarError`, `KeyError`."""
    with tarfile.open(model, "r|gz") as archive:  # in its order: what comes after the metadata is not unpacked
        for member in archive:
            if member.name.lstrip("./") == "metadata.json":
                held = archive.extractfile(member)
                assert held
                return [node["uses"] for node in json.load(held)["predict_schema"]["nodes"].values()]
    raise KeyError("metadata.json")


def main(given: Optional[Sequence[str]] = None) -> None:
    arguments = list(sys.argv[1:] if given is None else given)
    options = parser().parse_args(arguments)
    try:
        asking = needs_all_of_rasa(options.model, options.credentials)
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError) as error:
        sys.exit(f"{options.model.name} cannot be read as a model ({type(error).__name__}).")
    if asking:
        logging.getLogger().warning("%s is not known to do without all of Rasa: `rasa run` serves.", asking)
        os.execv(sys.executable, [sys.executable, "-W", "ignore", "-m", "rasa", "run", *arguments])  # noqa: S606 - the same process
    later(UNUSED)
    without_its_start("rasa.core.channels", instead="rasa.core.channels.channel")
    import_module("tactful_engine.serving").serve(options)


if __name__ == "__main__":
    main()
