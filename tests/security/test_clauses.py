"""docs/security.md lists every clause that a test names, and every file in which one does."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.conftest import ROOT

ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def named_in(file: Path) -> set[str]:
    """Clauses that a test file names by `pytest.mark.asvs(…)`."""
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return {
        str(argument.value)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "asvs"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }


def test_the_table_is_what_the_tests_say() -> None:
    tested = defaultdict(set)
    for file in (ROOT / "tests").rglob("test_*.py"):
        for clause in named_in(file):
            tested[clause].add(str(file.relative_to(ROOT / "tests")))
    written = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    table = {clause: set(re.findall(r"`([^`]+)`", where)) for clause, where in ROW.findall(written)}
    assert table == tested
    assert len(table) > 60


def test_every_file_of_this_folder_names_its_clauses() -> None:
    for file in Path(__file__).parent.glob("test_v*.py"):
        assert named_in(file), file.name
