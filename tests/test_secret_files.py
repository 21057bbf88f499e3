"""Secrets come from the environment, from files that it names, or from systemd's credentials."""

from pathlib import Path

import pytest

from tactful.config import Settings
from tactful.errors import SetupError


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("hush\n")
    (tmp_path / "url").write_text("postgresql://u:p@db/t\n")
    monkeypatch.setenv("TACTFUL_ENGINE_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    settings = Settings()
    assert settings.engine_secret == "hush"
    assert settings.database == "postgresql+psycopg://u:p@db/t"
    assert "hush" not in repr(settings)


def test_systemds_credentials_are_found_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "actions_secret").write_text("hush")
    (tmp_path / "master_key").write_text("key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    settings = Settings()
    assert settings.actions_secret == "hush"
    assert settings.master_key_file == tmp_path / "master_key"
    assert settings.engine_secret == ""


def test_what_the_environment_says_itself_counts_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("file")
    monkeypatch.setenv("TACTFUL_ENGINE_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("TACTFUL_ENGINE_SECRET", "said")
    assert Settings().engine_secret == "said"


def test_a_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACTFUL_CUSTOMER_JWT_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(SetupError, match="CUSTOMER_JWT_KEY cannot be read"):
        Settings()


def test_what_is_no_secret_is_not_read_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "port").write_text("1")
    monkeypatch.setenv("TACTFUL_PORT_FILE", str(tmp_path / "port"))
    assert Settings().port == 8380
