"""Known vulnerabilities of what is installed: each is explained, for the version that is locked; a new one fails."""

import os
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml

from scripts.audit import ACCEPTED, accepted_in, judge
from tests.conftest import ROOT

pytestmark = pytest.mark.asvs("15.1.1", "15.1.4", "15.2.1")

FINDINGS: list[dict[str, Any]] = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8"))["findings"]
LOCKS = {"tactful": "uv.lock", "engine": "engine/uv.lock"}
AIOHTTP = {"name": "aiohttp", "version": "3.9.5"}


def report(*packages: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(packages)}


def finding(identity: str, *aliases: str) -> dict[str, Any]:
    return {"id": identity, "aliases": list(aliases), "fix_versions": ["9"]}


def test_what_was_explained_passes_by_any_of_its_names_and_what_was_not_fails() -> None:
    accepted = accepted_in("engine", FINDINGS)
    known = judge(report({**AIOHTTP, "vulns": [finding("PYSEC-1-1", "CVE-2024-52304", "GHSA-x")]}), accepted)
    assert (known.new, len(known.accepted), known.audited) == ([], 1, 1)
    new = judge(report({**AIOHTTP, "vulns": [finding("PYSEC-1-2", "CVE-2099-1")]}), accepted)
    assert new.new == ["aiohttp 3.9.5 CVE-2099-1 PYSEC-1-2"]
    later = judge(report({"name": "aiohttp", "version": "3.9.6", "vulns": [finding("CVE-2024-52304")]}), accepted)
    assert later.new, "another version is explained anew"
    elsewhere = judge(report({**AIOHTTP, "vulns": [finding("CVE-2024-52304")]}), accepted_in("tactful", FINDINGS))
    assert elsewhere.new, "the other environment is reached in other ways"


def test_what_could_not_be_asked_about_is_no_success() -> None:
    """pip-audit says "No known vulnerabilities found" when the service knows none of the packages."""
    skipped = judge(
        report({"name": "aiohttp", "skip_reason": "not found"}, {"name": "tactful", "skip_reason": "x"}), set()
    )
    assert skipped.lines("engine") == ["engine: not audited: aiohttp"]
    assert judge({}, set()).lines("engine") == ["engine: not audited: the service did not answer"]


def test_without_the_service_the_audit_says_so_and_stops_nobody() -> None:
    away = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "scripts/audit.py"], cwd=ROOT, env=away, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{name}: not audited: the service did not answer" for name in LOCKS]


def test_each_is_of_a_version_that_is_locked() -> None:
    for each in FINDINGS:
        locked = tomllib.loads((ROOT / LOCKS[each["environment"]]).read_text(encoding="utf-8"))["package"]
        assert (each["package"], str(each["version"])) in {(it["name"], it["version"]) for it in locked}


def test_each_has_ids_a_reason_and_a_source() -> None:
    for each in FINDINGS:
        assert each["ids"]
        assert all(identity.startswith(("CVE-", "GHSA-", "PYSEC-")) for identity in each["ids"])
        assert len(each["why_not_reachable"].split()) >= 8
        assert each["source"] in ("service", "advisories")


def row(each: dict[str, Any]) -> str:
    """A line of SECURITY.md's table."""
    package, ids = f"{each['package']} {each['version']}", ", ".join(each["ids"])
    return f"| {each['environment']} | {package} | {ids} | {each['what']} | {each['why_not_reachable']} |"


def test_security_md_tells_the_same() -> None:
    lines = (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith(("| engine |", "| tactful |"))]
    assert told == [row(each) for each in FINDINGS]
