"""Known vulnerabilities in both environments, by pip-audit; fails on one that nobody explained.

What the service could not be asked about is named as not audited: silence is not a finding, and not a success either.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
ACCEPTED = ROOT / "accepted-vulnerabilities.yml"
ENVIRONMENTS = {"tactful": ROOT / ".venv", "engine": ROOT / "engine/.venv"}
OURS = {"tactful", "tactful-engine"}
SHOWN = 8  # names in a list of what was not audited
LONGEST_S = 600


@dataclass
class Verdict:
    """What an environment's report comes to."""

    audited: int = 0
    accepted: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # packages that the service could not be asked about

    def lines(self, environment: str) -> list[str]:
        told = [f"{environment}: {each}" for each in self.new]
        if self.audited:
            found = f"{len(self.accepted)} accepted findings, {len(self.new)} new ones"
            told.append(f"{environment}: {self.audited} packages audited, {found}")
        if self.unknown:
            more = f" and {len(self.unknown) - SHOWN} more" if len(self.unknown) > SHOWN else ""
            told.append(f"{environment}: not audited: {', '.join(self.unknown[:SHOWN])}{more}")
        if not self.audited and not self.unknown:
            told.append(f"{environment}: not audited: the service did not answer")
        return told


def accepted_in(environment: str, listed: Iterable[Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """(package, version, id) of what was explained for this environment."""
    return {
        (each["package"], str(each["version"]), identity)
        for each in listed
        if each["environment"] == environment
        for identity in each["ids"]
    }


def judge(report: Mapping[str, Any], accepted: set[tuple[str, str, str]]) -> Verdict:
    """Compare pip-audit's report with what was accepted; a finding is known by its id or by any of its aliases."""
    verdict = Verdict()
    for package in report.get("dependencies", ()):
        name = package["name"].lower()
        if name in OURS:
            continue
        if "skip_reason" in package:
            verdict.unknown.append(name)
            continue
        verdict.audited += 1
        for finding in package["vulns"]:
            names = {finding["id"], *finding.get("aliases", ())}
            told = f"{name} {package['version']} {' '.join(sorted(names))}"
            known = any((name, package["version"], each) in accepted for each in names)
            (verdict.accepted if known else verdict.new).append(told)
    return verdict


def report_on(environment: Path) -> Mapping[str, Any]:
    """pip-audit's report on what is installed there; empty when the service does not answer."""
    (packages,) = environment.glob("lib/python3*/site-packages")
    command = ["pip_audit", "--path", str(packages), "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *command], capture_output=True, check=False, timeout=LONGEST_S
        )
        report: Mapping[str, Any] = json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        return {}
    return report


def main() -> int:
    listed = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8"))["findings"]
    failed = False
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(report_on, ENVIRONMENTS.values()))
    for name, report in zip(ENVIRONMENTS, reports, strict=True):
        verdict = judge(report, accepted_in(name, listed))
        print("\n".join(verdict.lines(name)), flush=True)
        failed = failed or bool(verdict.new)
    if failed:
        print(
            "Update the package, or explain in accepted-vulnerabilities.yml why it cannot be reached; then SECURITY.md."
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
