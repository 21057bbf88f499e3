"""leakscan: finds a value wherever an installation keeps it, in whatever form, and never prints it."""

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import random
import re
import sqlite3
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from tactful.cli.main import commands
from tactful.config import Settings
from tactful.store.leak_values import Value
from tactful.store.leakscan import Report, Scan
from tactful.store.turn_rows import DICTIONARIES, compressor, number_of, packed

NAME = "Ana Límová"
MAIL = "ana.lima@example.com"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with a home and a project, both empty."""
    for folder in ("home/logs", "project/models", "project/data", "project/.rasa/cache"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("TACTFUL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TACTFUL_PROJECT", str(tmp_path / "project"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Settings()


def scan(settings: Settings, *values: str, case_sensitive: bool = False) -> Report:
    wanted = [Value(number, value) for number, value in enumerate(values, 1)]
    return Scan(wanted, case_sensitive=case_sensitive).installation(settings)


def places(report: Report) -> list[str]:
    return [finding.where for finding in report.sorted()]


def tar_gz(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "folder", ["home", "home/logs", "project/models", "project/data", "project/.rasa/cache", "project/results"]
)
def test_every_folder_that_is_kept_is_searched(settings: Settings, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "kept").write_text(f"hello {MAIL}!")
    assert places(scan(settings, MAIL))[0].endswith("kept:6")


@pytest.mark.parametrize(
    "write",
    [
        str.encode,
        lambda value: value.encode("utf-16"),
        lambda value: value.encode("utf-16-be"),
        lambda value: value.encode("utf-32-le"),
        lambda value: value.upper().encode(),
        lambda value: json.dumps({"text": f"\n{value}\n"}).encode(),
        lambda value: json.dumps(json.dumps({"text": f"\n{value}\n"})).encode(),
        lambda value: repr(value.encode()).encode(),
        lambda value: (
            f"/search?q=a%20{value.replace(' ', '%20').replace('í', '%C3%AD').replace('á', '%c3%a1')}".encode()
        ),
        lambda value: pickle.dumps({"name": value}),
        lambda value: value.replace("í", "i\u0301").replace("á", "a\u0301").encode(),
    ],
    ids=["utf8", "utf16", "utf16be", "utf32", "upper", "json", "json²", "repr", "url", "pickle", "decomposed"],
)
def test_a_value_is_found_in_any_form(settings: Settings, write: Callable[[str], bytes]) -> None:
    (settings.home / "kept").write_bytes(write(NAME))
    assert len({finding.line for finding in scan(settings, NAME).findings}) == 1


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        bz2.compress,
        lzma.compress,
        zlib.compress,
        lambda content: zipped("inner.txt", content),
        lambda content: tar_gz(**{"a/inner.txt": content}),
        lambda content: tar_gz(outer=gzip.compress(zipped("inner.txt", content))),
    ],
    ids=["gzip", "bzip2", "xz", "zlib", "zip", "tar.gz", "nested"],
)
def test_what_is_compressed_is_decoded(settings: Settings, pack: Callable[[bytes], bytes]) -> None:
    (settings.project / "models" / "m").write_bytes(pack(b"x" * 5000 + b" " + MAIL.encode()))
    (place,) = places(scan(settings, MAIL))
    assert place.startswith("models/m")
    assert place.endswith(":5001")


def test_the_place_in_an_archive_is_named(settings: Settings) -> None:
    (settings.project / "models" / "m.tar.gz").write_bytes(tar_gz(**{"train/patterns.json": f"[{MAIL}]".encode()}))
    assert places(scan(settings, MAIL)) == ["models/m.tar.gz!train/patterns.json:1"]


@pytest.mark.parametrize(
    ("value", "content", "found"),
    [
        ("Li", "Lisbon, olive, Ali", 0),
        ("Li", "Li Wei; li.wei; (LI)", 3),
        ("Li", "Li’s — Li…", 2),
        ("Li", "Líli, Lió, éLi", 0),
        ("Jose", "Jose\u0301", 0),
        ("Li", "user_li_1", 1),
        ("Li", r"\nLi \u00e9Li Li\u00e9 \u0020Li", 2),
        ("123", "1234 0123 123", 1),
        ("(555) 010-9999", "5550109999 or (555) 010-9999.", 2),
        ("李", "", 0),
        ("李娜", "我叫李娜。", 1),
        ("O'Neil", "O&#x27;Neil O'Neil O'Neill", 2),
    ],
)
def test_only_whole_words_count(settings: Settings, value: str, content: str, found: int) -> None:
    (settings.home / "kept").write_text(content, encoding="utf-8")
    assert len(scan(settings, value).findings) == found


def test_case_can_be_taken_apart(settings: Settings) -> None:
    (settings.home / "kept").write_text("will Will WILL")
    assert len(scan(settings, "Will").findings) == 3
    assert places(scan(settings, "Will", case_sensitive=True)) == ["home/kept:5"]


def test_short_values_are_not_found_in_noise_but_in_strings_within_it(settings: Settings) -> None:
    noise = bytes(byte for byte in os.urandom(3_000_000))
    path = settings.project / "models" / "weights"
    path.write_bytes(noise)
    assert len(scan(settings, "Li", "Ana", "Grace").findings) <= 1
    path.write_bytes(noise + b"\0" + pickle.dumps(["Ana"]) + noise)
    assert len(scan(settings, "Ana").findings) >= 1


def test_a_value_across_the_border_of_two_pieces_is_found_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = ("ü " * 40 + MAIL + " ") * 30
    (settings.home / "kept").write_text(content, encoding="utf-8")
    whole = places(scan(settings, MAIL))
    for size in (200, 257, 333, 1000):
        monkeypatch.setattr("tactful.store.leakscan.WINDOW", size)
        assert places(scan(settings, MAIL)) == whole
    assert len(whole) == 30


def test_sqlite_is_searched_by_cell_and_byte_and_in_its_journal(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.home / "engine.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT, payload BLOB, phone INTEGER)")
        database.execute(
            "INSERT INTO events VALUES (7, ?, ?, 5550109999)", (f"hi {MAIL}", gzip.compress(f"hi {NAME}".encode()))
        )
        database.commit()
        found = places(scan(settings, MAIL, NAME, "5550109999"))
    assert "home/engine.db!events.data row 7" in found
    assert "home/engine.db!events.payload row 7" in found
    assert "home/engine.db!events.phone row 7" in found
    assert any(place.startswith("home/engine.db-wal:") for place in found)


def turn_saying(words: str) -> bytes:
    event = {"event": "user", "text": words, "timestamp": 1.0}
    return compressor(b"[]")(packed([event], "c1"))


def test_the_engines_turns_are_opened_in_their_cells_in_the_journal_and_where_they_were_deleted(
    settings: Settings,
) -> None:
    with closing(sqlite3.connect(settings.home / "engine.db")) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT)")
        database.execute(DICTIONARIES)
        database.execute("INSERT INTO dictionaries VALUES (?, ?)", (number_of(b"[]"), b"[]"))
        said = (f"I am {NAME}", f"write to {MAIL}", "my number is 5550109999 " + random.randbytes(20_000).hex())
        for number, words in enumerate(said, 7):
            database.execute("INSERT INTO events VALUES (?, ?)", (number, turn_saying(words)))
        database.commit()
        assert MAIL.encode() not in (settings.home / "engine.db").read_bytes()
        database.execute("DELETE FROM events WHERE id > 7")
        database.commit()
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("INSERT INTO events VALUES (9, ?)", (turn_saying("to 4111111111111111"),))
        database.commit()
        report = scan(settings, NAME, MAIL, "5550109999", "4111111111111111")
    where = {line: [found.where for found in report.findings if found.line == line] for line in range(1, 5)}
    assert "home/engine.db!events.data row 7" in where[1]
    assert any(place.endswith("(in a turn)") for place in where[1])
    for deleted in (where[2], where[3]):
        assert deleted
        assert all(re.fullmatch(r"home/engine\.db(-wal)?:\d+ \(in a turn\)", place) for place in deleted)
    assert "home/engine.db!events.data row 9" in where[4]
    assert any(re.fullmatch(r"home/engine\.db-wal:\d+ \(in a turn\)", place) for place in where[4])


def test_what_was_deleted_but_still_lies_in_the_file_is_found(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.home / "old.db")) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("CREATE TABLE t (a TEXT, b TEXT, c TEXT)")
        database.execute("INSERT INTO t VALUES ('abc', ?, 'def')", (MAIL,))
        database.commit()
        database.execute("DELETE FROM t")
        database.commit()
    (place,) = places(scan(settings, MAIL))
    assert place.startswith("home/old.db:")


def test_postgresql_is_searched_by_cell(settings: Settings, postgres: str) -> None:
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(text('CREATE TABLE "odd ""name" (id int, "a b" text, j json, raw bytea)'))
        connection.execute(
            text('INSERT INTO "odd ""name" VALUES (1, :a, :j, :raw)'),
            {"a": f"hi {MAIL}", "j": json.dumps({"n": NAME}), "raw": MAIL.encode()},
        )
    try:
        scanning = Scan([Value(1, MAIL), Value(2, NAME)])
        scanning.server(postgres)
    finally:
        with engine.begin() as connection:
            connection.execute(text('DROP TABLE "odd ""name"'))
        engine.dispose()
    columns = {(finding.line, finding.part) for finding in scanning.report.findings}
    table = 'postgresql!odd "name'
    assert columns == {(1, f"{table}.a b"), (1, f"{table}.raw"), (2, f"{table}.j")}


def test_rasas_conversations_are_searched_where_they_have_a_database_of_their_own(
    settings: Settings, postgres: str
) -> None:
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    own = postgres.replace("/postgres?", "/conversations?", 1)
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE conversations"))
    engine = create_engine(own)
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE events (data text)"))
            connection.execute(text("INSERT INTO events VALUES (:data)"), {"data": f"hi {MAIL}"})
        both = Settings(database_url=postgres, tracker_url=own)
        assert [place.rpartition(" row ")[0] for place in places(scan(both, MAIL))] == [
            "postgresql (conversations)!events.data"
        ]
        same = Settings(database_url=own, tracker_url=own.replace("//", "//postgres@", 1))
        assert [place.rpartition(" row ")[0] for place in places(scan(same, MAIL))] == ["postgresql!events.data"]
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE conversations WITH (FORCE)"))
        admin.dispose()


def test_a_database_that_is_away_is_said_and_not_passed_over() -> None:
    scanning = Scan([Value(1, MAIL)])
    scanning.server("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    assert scanning.report.not_searched == ["postgresql: OperationalError"]


def test_names_of_files_and_members_are_searched_and_masked(settings: Settings) -> None:
    (settings.home / f"{MAIL}.json").write_text(f"hi {MAIL}")
    (settings.home / "x.zip").write_bytes(zipped(f"{MAIL}.txt", b"empty"))
    found = scan(settings, MAIL)
    assert "home/a…(20).json (its name)" in places(found)
    assert any(place.startswith("home/x.zip!(name)") for place in places(found))
    assert MAIL not in json.dumps(found.as_json())


def test_what_cannot_be_opened_is_said(settings: Settings) -> None:
    (settings.home / "cut.gz").write_bytes(gzip.compress(os.urandom(5000))[:-500])
    (settings.home / "cut.db").write_bytes(b"SQLite format 3\0" + b"rubbish " * 100)
    said = scan(settings, MAIL).not_searched
    assert [sentence.split(":")[0] for sentence in sorted(said)] == ["home/cut.db (cell by cell)", "home/cut.gz"]


def test_thousands_of_values_over_many_megabytes_take_seconds(settings: Settings) -> None:
    line = "2026-01-01 INFO tactful.turns  turn 17 answered in 41 ms, PERSON_1 greeted, nothing to see here\n"
    (settings.home / "logs" / "long.log").write_text(line * 300_000 + MAIL)
    began = time.perf_counter()
    report = scan(settings, *(f"person{number}@example.com" for number in range(3000)), MAIL)
    assert len(report.findings) == 1
    assert time.perf_counter() - began < 20


def run(settings: Settings, values: str, *options: str) -> tuple[int, str]:
    path = settings.home.parent / "values"
    path.write_text(values, encoding="utf-8")
    done = CliRunner().invoke(commands(["leakscan"]), ["leakscan", "--values", str(path), *options])
    return done.exit_code, done.output


def test_the_command_exits_with_1_when_it_finds_and_never_prints_the_value(settings: Settings) -> None:
    (settings.home / "logs" / "tactful.log").write_text(f"hello {MAIL} and {NAME}", encoding="utf-8")
    status, output = run(settings, f"nobody@example.com\n\n{MAIL}\n" + json.dumps({"value": NAME}))
    assert status == 1
    assert "line 3  a…(20)  home/logs/tactful.log:6" in output
    assert "2 of 3 values found, in 2 places" in output
    assert MAIL not in output
    assert "Lím" not in output


def test_the_command_exits_with_0_when_there_is_nothing(settings: Settings) -> None:
    (settings.home / "kept").write_text("PERSON_1")
    assert run(settings, MAIL) == (0, "None of 1 values found; searched 1 files, 0 cells, 0.0 MB decoded.\n")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("", "holds no values"),
        ("good@example.com\nx\n", "line 2: a single character"),
        ('{"valu": "secret"}', "line 1: is not"),
        ('{"value": 5}', "line 1: is not"),
    ],
)
def test_the_command_exits_with_2_for_values_it_cannot_use(settings: Settings, values: str, said: str) -> None:
    status, output = run(settings, values)
    assert status == 2
    assert said in output
    assert "secret" not in output


def test_the_command_exits_with_2_when_something_could_not_be_searched(settings: Settings) -> None:
    (settings.home / "cut.gz").write_bytes(gzip.compress(b"hello" * 1000)[:-9])
    status, output = run(settings, MAIL)
    assert status == 2
    assert "not searched: home/cut.gz" in output


def test_a_baseline_takes_away_places_known_before(settings: Settings) -> None:
    log, earlier = settings.home / "logs" / "tactful.log", settings.home.parent / "earlier.json"
    log.write_text(f"hello {MAIL}\n")
    status, output = run(settings, MAIL, "--json")
    assert (status, len(json.loads(output)["found"])) == (1, 1)
    earlier.write_text(output)
    assert run(settings, MAIL, "--baseline", str(earlier))[0] == 0
    log.write_text(f"hello {MAIL}\nagain {MAIL}\n")
    status, output = run(settings, MAIL, "--baseline", str(earlier), "--json")
    assert status == 1
    assert [found["where"] for found in json.loads(output)["found"]] == ["home/logs/tactful.log:33"]
    assert json.loads(output)["known_before"] == 1


def test_a_baseline_that_is_none_is_refused(settings: Settings) -> None:
    assert run(settings, MAIL, "--baseline", __file__)[0] == 2
