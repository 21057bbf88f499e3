"""What waits for somebody who comes in: by their roles, what is urgent first. Counts, and no words of anybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tactful.console.desk import Desk
from tactful.console.queues import ABOUT, Queue
from tactful.console.reveals import Reveals
from tactful.console.staff import Role, Staff
from tactful.console.waiting import Waiting

MOST_QUEUES = 4  # the rest is a page further


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing: how many, what, why it matters, and where it is done."""

    count: int
    what: str
    why: str
    path: str
    does: str


class Morning:
    """Looks; changes nothing."""

    def __init__(self, waiting: Waiting, desk: Desk, reveals: Reveals, clock: Callable[[], int]) -> None:
        self._waiting, self._desk, self._reveals, self._clock = waiting, desk, reveals, clock

    def waits(self, staff: Staff) -> list[Waits]:
        """Everything that waits for them."""
        found: list[Waits] = []
        if staff.may(Role.AGENT):
            found += self._people(staff)
        if staff.may(Role.REVIEWER, Role.ADMINISTRATOR):
            found += self._asked(staff)
        if staff.may(Role.REVIEWER, Role.TRAINER):
            found += self._messages(staff)
        return found

    def _people(self, staff: Staff) -> Iterator[Waits]:
        line, now = self._waiting.line(staff), self._clock()
        if line.mine:
            unread = sum(each.unread for each in line.mine)
            told = f"{unread} unread {_plural(unread, 'message')}." if unread else "Nothing unread."
            what = f"{_plural(len(line.mine), 'Conversation')} you hold"
            yield Waits(len(line.mine), what, told, "/console/live", "Go on")
        if line.waiting:
            longest = _for((now - min(each.since for each in line.waiting)) // 60_000)
            does = "customer waits" if len(line.waiting) == 1 else "customers wait"
            why = f"For a person; the longest for {longest}."
            yield Waits(len(line.waiting), does.capitalize(), why, "/console/live", "Take one over")

    def _asked(self, staff: Staff) -> Iterator[Waits]:
        now = self._clock()
        if theirs := sum(each.is_open(now) and each.asked_by != staff.id for each in self._reveals.latest()):
            why = "A colleague needs a hidden value, and a second person's yes."
            yield Waits(theirs, f"{_plural(theirs, 'Reveal')} to decide", why, "/console/reveals", "Decide")

    def _messages(self, staff: Staff) -> Iterator[Waits]:
        counts = self._desk.counts()
        if staff.may(Role.TRAINER) and (disputed := self._desk.disputed(staff.id)):
            yield Waits(disputed, "Reviewers disagree", "You decide.", "/console/review?state=disputed", "Resolve")
        for queue in [each for each in Queue if counts[each]][:MOST_QUEUES]:
            yield Waits(counts[queue], ABOUT[queue].title, ABOUT[queue].why, f"/console/review?queue={queue}", "Review")


def _plural(count: int, one: str) -> str:
    return one if count == 1 else f"{one}s"


def _for(minutes: int) -> str:
    """A time that somebody waits, as people say it."""
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} {_plural(minutes, 'minute')}"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"
