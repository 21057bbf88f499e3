"""Records of processing activities (GDPR art. 30.1): from privacy.yml, and settings that name the controller."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from tactful.config import Settings
from tactful.privacy.policy import Attribute, Entity, Policy, Purpose
from tactful.times import iso

FORMAT = "tactful-records/1"
NOT_SET = "not set"
SUBJECTS = "customers who chat, with or without an account"
SERVICE = (
    "Answering customers",
    "We answer questions, plan trips and hand over to people where the assistant cannot help.",
)

# Art. 30.1(g) and 32.1. Each is a property of the software; docs/custody.md says how it is operated.
SECURITY = (
    "Personal data is replaced by placeholders before anything is stored, logged or used for training; what cannot be "
    "checked is withheld.",
    "Values are encrypted with AES-256-GCM under a key for each customer, bound to table, column, row and customer; "
    "the keys are wrapped by a key ring that is rotated while the service runs.",
    "Erasure destroys the customer's key; tombstones outside the database keep a restored backup from undoing it.",
    "Withdrawals, objections and restrictions are noted outside the database: a restored backup cannot undo them.",
    "What is past its end date is deleted by a schedule, counted and audited.",
    "Who read or changed what, when and why is kept in a chain of authentication codes whose head lies outside the "
    "database.",
    "The language engine is reachable from the same machine only and sees placeholders only.",
    "Sessions are minted by the server, signed and expiring; requests are limited in rate and size.",
)


def records(policy: Policy, settings: Settings, now: int) -> dict[str, Any]:
    """The records as one object; `now` in epoch milliseconds. What no setting tells reads "not set"."""
    return {
        "format": FORMAT,
        "made_at": iso(now),
        "policy_version": policy.version,
        "controller": {
            "name": settings.controller or NOT_SET,
            "contact": settings.controller_contact or NOT_SET,
            "data_protection_officer": settings.data_protection_officer or NOT_SET,
        },
        "recipients": settings.recipients or [NOT_SET],
        "transfers": settings.transfers or NOT_SET,
        "security": list(SECURITY),
        "activities": [_activity(policy, purpose) for purpose in get_args(Purpose)],
        "stored": [
            {"column": name, "category": column.category, "purpose": column.purpose, "retention": column.retention}
            for name, column in policy.columns.items()
        ],
    }


def _activity(policy: Policy, purpose: str) -> dict[str, Any]:
    label, why = SERVICE
    if asked := policy.purposes.get(purpose):
        label, why = asked.label, asked.why
    return {
        "purpose": purpose,
        "label": label,
        "why": why,
        "subjects": SUBJECTS,
        "data": [
            {
                "category": name,
                "description": category.description,
                "consent": asked.consent if asked else category.consent,
                "kinds": _kinds(policy, name, purpose),
                "retention_days": category.retention_days,
                "seen_by": list(category.viewers),
            }
            for name, category in policy.categories.items()
            if purpose in category.purposes
        ],
    }


def _kinds(policy: Policy, category: str, purpose: str) -> list[dict[str, Any]]:
    """What of this category is kept for this purpose, each with its own end date."""
    parts: list[Attribute | Entity] = [*policy.attributes.values(), *policy.entities.values()]
    found = {part.label: part.retention_days for part in parts if part.category == category and part.purpose == purpose}
    return [{"label": label, "retention_days": days} for label, days in sorted(found.items())]


def markdown(made: Mapping[str, Any]) -> str:
    """The same for people."""
    controller = made["controller"]
    lines = [
        "# Records of processing activities",
        "",
        f"GDPR art. 30.1. Made {made['made_at']} from privacy.yml, version {made['policy_version']}.",
        "",
        *_table(("", ""), [
            ("Controller", controller["name"]),
            ("Contact", controller["contact"]),
            ("Data protection officer", controller["data_protection_officer"]),
            ("Recipients", ", ".join(made["recipients"])),
            ("Transfers to third countries", made["transfers"]),
        ]),
    ]  # fmt: skip
    for activity in made["activities"]:
        lines += ["", f"## {activity['label']}", "", activity["why"], "", f"Whose data: {activity['subjects']}.", ""]
        lines += _table(
            ("Category", "Data", "Consent", "Kept", "Seen by"),
            [
                (f"{data['category']}: {data['description']}", _listed(data["kinds"]), data["consent"],
                 _days(data["retention_days"]), ", ".join(data["seen_by"]))
                for data in activity["data"]
            ],
        )  # fmt: skip
    lines += ["", "## Where it is stored", ""]
    lines += _table(
        ("Column", "Category", "Purpose", "Kept"),
        [(row["column"], row["category"], row["purpose"], row["retention"]) for row in made["stored"]],
    )
    lines += ["", "## Security measures", "", *(f"* {measure}" for measure in made["security"])]
    return "\n".join(lines) + "\n"


def _listed(kinds: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(f"{kind['label']} ({_days(kind['retention_days'])})" for kind in kinds) or "as described"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_row(head), "|---" * len(head) + "|", *(_row(row) for row in rows)]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
