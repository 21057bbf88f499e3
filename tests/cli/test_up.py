"""Before anything starts: ports and parts that are not there."""

import socket
from pathlib import Path

import pytest

from tactful.cli.modelling import rasa
from tactful.cli.up import alive, check_ports, programs, running, served
from tactful.config import Settings
from tactful.errors import SetupError
from tactful.installation import registry
from tactful.learn.model_files import ModelChanged
from tactful.learn.models import Model
from tests.conftest import free_port

MODEL = Model("m", "m.tar.gz", "", "", "", None, 0, "")


@pytest.mark.parametrize(
    ("offset", "way_out"), [(0, "make run PORT="), (1, "TACTFUL_ENGINE_PORT="), (2, "TACTFUL_ACTIONS_PORT=")]
)
def test_a_taken_port_is_named_with_the_way_to_choose_another(tmp_path: Path, offset: int, way_out: str) -> None:
    settings = Settings(home=tmp_path, port=free_port())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.port + offset))
        taken.listen()
        with pytest.raises(SetupError, match=f"Port {settings.port + offset} is taken.*{way_out}"):
            check_ports(settings)
    check_ports(settings)


def test_without_the_engine_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="make install"):
        rasa(tmp_path)


@pytest.mark.asvs("13.3.2")
def test_the_engine_gets_neither_the_master_key_nor_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACTFUL_MASTER_KEY", "A" * 43 + "=")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    engine = next(p for p in programs(Settings(home=tmp_path), MODEL) if p.name == "engine")
    assert not {"TACTFUL_MASTER_KEY", "DATABASE_URL"} & set(engine.environment)
    assert "--interface" in engine.command
    assert engine.command[engine.command.index("--interface") + 1] == "127.0.0.1"
    assert "--enable-api" not in engine.command
    assert engine.environment["TACTFUL_ENGINE_SECRET"] not in repr(engine)


def test_a_door_is_asked_whether_it_hangs_where_no_customer_can_crowd_it_out(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, actions_host="0.0.0.0")
    health = next(p for p in programs(settings, MODEL) if p.name == "door").health
    assert health
    assert health.url == f"http://127.0.0.1:{settings.actions_port}/"
    assert health.loading_s > 86_400, "it may migrate a large database first"


@pytest.fixture
def promoted(tmp_path: Path) -> Settings:
    """An installation whose champion is a file of its own."""
    settings = Settings(home=tmp_path / "home")
    (tmp_path / "mine.tar.gz").write_bytes(b"weights")
    models = registry(settings)
    models.add(tmp_path / "mine.tar.gz", data="", config="", seed=None, by="ana")
    models.promote("mine", by="ana", reason="")
    return settings


def test_the_champion_is_served_whatever_became_of_the_data(
    promoted: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert served(promoted).name == "mine"
    assert "the data is another now" in capsys.readouterr().out


def test_a_champion_whose_file_was_exchanged_is_not_served(promoted: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_bytes(b"weightz")
    with pytest.raises(ModelChanged, match="not loaded"):
        served(promoted)


def test_an_engine_is_verified_again_whenever_it_starts(promoted: Settings, tmp_path: Path) -> None:
    engine = programs(promoted, served(promoted))[0]
    assert engine.before
    engine.before()
    (tmp_path / "mine.tar.gz").write_bytes(b"weightz")
    with pytest.raises(ModelChanged):
        engine.before()


def test_one_installation_has_one_supervisor(promoted: Settings) -> None:
    assert not running(promoted)
    with alive(promoted):
        assert running(promoted)
        with pytest.raises(SetupError, match="TACTFUL_HOME"), alive(promoted):
            pass
    assert not running(promoted)
