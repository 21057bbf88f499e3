"""Portability (GDPR art. 20): everything as a signed document for programs, or as a page for people."""

from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from tactful.profile import consent, receipts
from tactful.profile.rights import knowledge, ledger, parts
from tactful.profile.rights.document import FORMAT
from tactful.profile.rights.parts import Parts
from tactful.store.audit import Act
from tactful.times import iso

_templates = Environment(
    loader=PackageLoader("tactful.profile.rights"), autoescape=select_autoescape(), trim_blocks=True
)


def export(with_: Parts, subject_id: str) -> dict[str, Any]:
    """Everything that is kept about the subject, with the values put back, as `document.Export`. Errors: `NotFound`."""
    with with_.database.begin() as tx:
        subject = parts.subject(tx, subject_id)
        ledger.done(tx, subject_id, "portability", with_.via, with_.clock())
        kept = receipts.of(tx, with_.signer, subject_id)
        with_.note(tx, Act.EXPORTED, subject_id, ("profile", "transcript"))
        return with_.signer.signed(
            {
                "format": FORMAT,
                "exported_at": iso(with_.clock()),
                "customer_since": iso(subject.created_at),
                "restricted": subject.restricted,
                "profile": knowledge.described(with_, tx, subject_id),
                "consents": knowledge.answered(tx, subject_id),
                "objections": sorted(consent.objected(tx, subject_id)),
                "receipts": [each["receipt"] for each in reversed(kept)],
                "conversations": knowledge.spoken(with_, tx, subject_id),
            }
        )


def page(with_: Parts, document: dict[str, Any]) -> str:
    """The export as one HTML file that needs nothing else and can be read without a program."""
    return _templates.get_template("export.html").render(export=document, policy=with_.policy)
