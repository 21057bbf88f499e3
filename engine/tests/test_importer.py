"""The importer: one domain out of several files."""

from pathlib import Path

import pytest
from rasa.shared.core.domain import InvalidDomain
from tactful_engine.importer import SplitDomainImporter


def project(folder: Path, *, again: str = "") -> SplitDomainImporter:
    (folder / "domain" / "responses").mkdir(parents=True)
    (folder / "domain.yml").write_text("version: '3.1'\nintents: [greet]\nactions: [action_one]\n")
    (folder / "domain" / "responses" / "hello.yml").write_text("responses:\n  utter_greet:\n  - text: Hello.\n")
    (folder / "domain" / "more.yml").write_text(f"responses:\n  utter_{again or 'bye'}:\n  - text: Bye.\n")
    return SplitDomainImporter(domain_path=str(folder / "domain.yml"))


def test_reads_the_folder_beside_the_domain_file(tmp_path: Path) -> None:
    """Texts in subfolders are part of the domain."""
    domain = project(tmp_path).get_domain()
    assert set(domain.responses) == {"utter_greet", "utter_bye"}
    assert "action_one" in domain.user_actions


def test_refuses_a_response_that_two_files_define(tmp_path: Path) -> None:
    """Rasa would take one of them without a word."""
    with pytest.raises(InvalidDomain, match="utter_greet"):
        project(tmp_path, again="greet").get_domain()
