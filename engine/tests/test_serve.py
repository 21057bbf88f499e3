"""What serves a model: the lean way where it is enough, `rasa run` where it is not."""

import json
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from tactful_engine import serve

OURS = "tactful_engine.channel.DoorChannel:\n"
RULES = ("rasa.core.policies.rule_policy.RulePolicy", "tactful_engine.intent_classifier.TactfulIntentClassifier")


def model(folder: Path, *classes: str) -> Path:
    """An archive that names these classes as what answers."""
    told = json.dumps(
        {"predict_schema": {"nodes": {str(n): {"uses": name} for n, name in enumerate(classes)}}}
    ).encode()
    path = folder / "m.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("./metadata.json")
        entry.size = len(told)
        archive.addfile(entry, BytesIO(told))
    return path


def needing(folder: Path, credentials: str, *classes: str) -> "str | None":
    (folder / "credentials.yml").write_text(credentials)
    return serve.needs_all_of_rasa(model(folder, *classes), folder / "credentials.yml")


def test_an_assistant_of_rules_over_the_doors_channel_needs_little_of_rasa(tmp_path: Path) -> None:
    assert needing(tmp_path, OURS, *RULES) is None


@pytest.mark.parametrize("asking", ["rasa.nlu.classifiers.diet_classifier.DIETClassifier", "my.own.Component"])
def test_a_component_that_may_need_more_is_served_by_rasa_itself(tmp_path: Path, asking: str) -> None:
    assert needing(tmp_path, OURS, *RULES, asking) == asking


def test_a_channel_of_rasas_is_served_by_rasa_itself(tmp_path: Path) -> None:
    assert needing(tmp_path, OURS + "rest:\n", *RULES) == "rest"


def test_what_is_no_model_ends_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "m.tar.gz").write_bytes(b"weights")
    (tmp_path / "c.yml").write_text(OURS)
    paths = ["--model", str(tmp_path / "m.tar.gz"), "--endpoints", "e.yml", "--credentials", str(tmp_path / "c.yml")]
    with pytest.raises(SystemExit, match="cannot be read as a model"):
        serve.main(["--port", "1", *paths])


def test_with_the_agent_come_neither_tensorflow_nor_clients_of_other_stores() -> None:
    asked = """
import sys
from tactful_engine.later import later, without_its_start
from tactful_engine.serve import UNUSED
later(UNUSED)
without_its_start("rasa.core.channels", instead="rasa.core.channels.channel")
import tactful_engine.serving, tactful_engine.channel, tactful_engine.intent_classifier, tactful_engine.recent_rules
import tensorflow
heavy = ("aiogram", "tensorflow.python", "pymongo.collection")
print(*[name for name in heavy if hasattr(sys.modules.get(name), "__file__")])
from rasa.core.channels import UserMessage
print(UserMessage("hello").text)
"""
    told = subprocess.run([sys.executable, "-W", "ignore", "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[:2] == ["", "hello"]
