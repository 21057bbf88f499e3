"""The navigation: what the console has. Each member of staff sees the entries whose pages let them in."""

from dataclasses import dataclass

from fastapi import FastAPI

from tactful.console.access import gated
from tactful.console.staff import Staff


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `badge` names what `/console/live` counts for it."""

    label: str
    path: str
    about: str
    badge: str = ""


# In the order in which they are shown. One whose page is not there is left out.
ENTRIES = (
    Entry("Queues", "/console/queues", "What needs a person's eye first, and why."),
    Entry("Worth reviewing", "/console/selection", "What teaches the assistant most, and what may be a new intent."),
    Entry("Search", "/console/search", "Find conversations by words, intent, kind or date."),
    Entry("Live", "/console/live", "Customers who wait for a person, and conversations you hold.", "waiting"),
    Entry("Missed data", "/console/missed", "What the detector let through, and how often."),
    Entry("Reveals", "/console/reveals", "Values asked for, and granted by a second person."),
    Entry("Agreement", "/console/agreement", "How far reviewers agree, beyond chance."),
    Entry("Training data", "/console/training", "What reviewers settled, what of it may be taught, and what not."),
    Entry("Models", "/console/models", "Train, evaluate, promote, go back; which one answers."),
    Entry("Charts", "/console/charts", "How the bot and the reviewing are doing."),
    Entry("Audit", "/console/audit", "Who did what to whose data, and when."),
    Entry("Accounts", "/console/accounts", "Who works here, and what each may do."),
)


def entries(app: FastAPI, staff: Staff) -> list[Entry]:
    """The entries that this member of staff may open."""
    open_to = {
        route.path
        for route, gate in gated(app.state.console_routes)
        if "GET" in (route.methods or ()) and staff.may(*gate.roles)
    }
    return [entry for entry in ENTRIES if entry.path in open_to]
