"""An engine alone: with the same secrets as the doors, the model that was meant, and nothing it does not need."""

from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from tactful.cli.engine import arguments, checked, shared_secrets
from tactful.cli.engine_files import fit_for_an_engine
from tactful.config import Settings
from tactful.errors import SetupError
from tests.conftest import ROOT


def test_without_the_doors_secrets_it_does_not_make_up_its_own(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="TACTFUL_ENGINE_SECRET and TACTFUL_ACTIONS_SECRET"):
        shared_secrets(Settings(home=tmp_path))
    assert not (tmp_path / "keys.json").exists()
    assert shared_secrets(Settings(home=tmp_path, engine_secret="a", actions_secret="b")) == ("a", "b")


def test_a_master_key_makes_the_same_secrets_everywhere(tmp_path: Path) -> None:
    key = "A" * 43 + "="
    made = {shared_secrets(Settings(home=tmp_path / name, master_key=key)) for name in ("one", "two")}
    assert len(made) == 1


def test_only_the_model_that_was_meant_is_served(tmp_path: Path) -> None:
    model = tmp_path / "m.tar.gz"
    with pytest.raises(SetupError, match="no model m"):
        checked(Settings(), model, "")
    model.write_bytes(b"weights")
    assert checked(Settings(), model, sha256(b"weights").hexdigest()) == model
    with pytest.raises(SetupError, match="SHA-256"):
        checked(Settings(), model, sha256(b"others").hexdigest())


def test_it_asks_every_door_for_actions_and_stores_in_its_own_database(tmp_path: Path) -> None:
    settings = Settings(
        project=ROOT,
        home=tmp_path,
        engine_host="10.0.0.5",
        actions_urls="http://door-1:8382, http://door-2:8382/",
        tracker_url="postgresql://engine:pw@db:5433/trackers",
        database_url="postgresql://door:pw@db/tactful",
    )
    command = arguments(settings, tmp_path / "m.tar.gz", 8381, "hush")
    assert command[command.index("--interface") + 1] == "10.0.0.5"
    endpoints = yaml.safe_load(Path(command[command.index("--endpoints") + 1]).read_text())
    action = endpoints["action_endpoint"]
    assert [action["url"], *action["others"]] == ["http://door-1:8382/actions", "http://door-2:8382/actions"]
    store = endpoints["tracker_store"]
    assert (store["url"], store["port"], store["db"], store["username"]) == ("db", 5433, "trackers", "engine")


def test_no_secret_of_the_doors_stays_in_its_environment() -> None:
    given = {
        "PATH": "/bin",
        "DATABASE_URL": "x",
        "DATABASE_URL_FILE": "x",
        "TACTFUL_MASTER_KEY_FILE": "x",
        "TACTFUL_TRACKER_URL": "x",
        "TACTFUL_CUSTOMER_JWT_KEY": "x",
        "CREDENTIALS_DIRECTORY": "x",
    }
    assert fit_for_an_engine(given) == {"PATH": "/bin"}
