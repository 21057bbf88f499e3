"""CSV: named columns are redacted, others dropped, records stay records whatever stands in their cells."""

import csv
from pathlib import Path

import pytest

from tactful.errors import SetupError
from tests.bulk.conftest import Redact


def table(path: Path, content: str) -> Path:
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    return path


def test_only_columns_that_were_named_come_out(tmp_path: Path, redact: Redact) -> None:
    given = table(tmp_path / "t.csv", 'n,mail,body\r\n1,a@b.example,"«Ana», says\r\n""hi"" to «Bo»"\r\n\r\n2,,x\r\n')
    told = redact(given, columns=("body",), keep=("n",))
    assert (tmp_path / "out/t.csv").read_bytes() == (
        b'n,body\r\n1,"\xc2\xabPERSON_1\xc2\xbb, says\r\n""hi"" to \xc2\xabPERSON_2\xc2\xbb"\r\n2,x\r\n'
    )
    assert told["documents"] == 2


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_the_delimiter_is_the_headers(tmp_path: Path, redact: Redact, delimiter: str) -> None:
    redact(table(tmp_path / "t.csv", f"\ufeffa{delimiter}b\n«Ana»{delimiter}x\n"), columns=("a",))
    assert (tmp_path / "out/t.csv").read_text() == "a\n«PERSON_1»\n"


def test_records_that_do_not_fit_are_withheld(tmp_path: Path, redact: Redact) -> None:
    given = table(tmp_path / "t.csv", 'a,b\nok,1\nshort\nlong,1,2\n\udcff,1\n[refuse],1\nok,2\n"open,3\nrest,4\n')
    told = redact(given, columns=("a",))
    assert (tmp_path / "out/t.csv").read_text() == "a\nok\nok\n"
    assert [each["row"] for each in told["withheld"]] == [2, 3, 4, 5, 7]


def test_formulas_stay_text_and_are_disarmed_on_request(tmp_path: Path, redact: Redact) -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"]
    given = table(tmp_path / "t.csv", "a,b\n" + "".join(f'"{cell}",x\n' for cell in cells))
    for out, escape in (("plain", False), ("escaped", True)):
        redact(given, out=tmp_path / out, columns=("a",), escape_formulas=escape)
    with (tmp_path / "plain/t.csv").open(newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == cells
    with (tmp_path / "escaped/t.csv").open(newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == [f"'{cell}" for cell in cells[:5]] + ["plain"]


def test_large_tables_come_back_in_order(tmp_path: Path, redact: Redact) -> None:
    given = table(tmp_path / "t.csv", "n,a\n" + "".join(f'{n},"«P{n}»\n{"." * 300}"\n' for n in range(600)))
    redact(given, columns=("a",), keep=("n",))
    with (tmp_path / "out/t.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["n"]) for row in rows] == list(range(600))
    assert {row["a"].split("\n")[0] for row in rows} == {"«PERSON_1»"}


def test_columns_must_be_named_and_there(tmp_path: Path, redact: Redact) -> None:
    given = table(tmp_path / "t.csv", "a,b\n1,2\n")
    for columns in ((), ("c",)):
        with pytest.raises(SetupError, match="a, b"):
            redact(given, columns=columns)
