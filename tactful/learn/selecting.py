"""What is worth a reviewer's next minute: unsure turns, what many ask, what no intent is for, labels in doubt, chance.

Pure: turns and how they are alike in, a choice out, the same for the same seed.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tactful.learn.choice import Alike, Choice, Chosen, Doubt, Group, Selecting, Turn, Why


@dataclass(frozen=True, slots=True)
class _Cluster:
    turns: Sequence[Turn]
    customers: int
    outside: bool
    reviewed: int

    @property
    def weight(self) -> float:
        """Customers for each look that somebody had already."""
        return self.customers / (1 + self.reviewed)


def choose(turns: Sequence[Turn], alike: Alike, doubts: Iterable[Doubt], settings: Selecting) -> Choice:
    """Choose, by the shares; what a kind cannot fill goes to the unsure ones, then to chance."""
    open_ = [turn for turn in turns if not turn.done]
    clusters = _clusters(turns, alike)
    outside = [each for each in clusters if each.outside]
    by_id = {turn.id: turn for turn in turns if turn.done}
    known = [doubt for doubt in doubts if doubt.turn in by_id]
    said = {doubt.turn: doubt.said for doubt in known}
    draw = random.Random(settings.seed).sample(open_, len(open_))  # noqa: S311
    unsure = [(turn, 1 - turn.margin) for turn in sorted(open_, key=lambda t: (t.margin, -t.id))]
    lists: dict[Why, Iterable[tuple[Turn, float]]] = {
        Why.RANDOM: [(turn, 0.0) for turn in draw],
        Why.OUTSIDE: _rounds(outside),
        Why.FREQUENT: _rounds([each for each in clusters if not each.outside]),
        Why.MISLABEL: [(by_id[doubt.turn], doubt.sure) for doubt in known],
        Why.UNCERTAIN: unsure,
    }
    wanted = quotas(settings)
    picker = _Picker(alike, settings.per_customer, said, Counter(alike.twin_of(turn) for turn in open_))
    found = {why: picker.pick(why, each, wanted[why]) for why, each in lists.items()}
    for why, each in ((Why.UNCERTAIN, unsure), (Why.RANDOM, lists[Why.RANDOM])):
        found[why] += picker.pick(why, each, settings.size - sum(map(len, found.values())))
    chosen = [each for why in Why for each in found[why]]
    groups = [
        Group(tuple(turn.id for turn in each.turns), each.customers)
        for each in outside
        if each.customers >= settings.customers_to_name
    ]
    return Choice(chosen, groups, len(turns))


def quotas(settings: Selecting) -> dict[Why, int]:
    """How many of each kind: by largest remainder, so that they add up to the size."""
    exact = {why: settings.size * getattr(settings.shares, why) for why in Why}
    given = {why: int(share) for why, share in exact.items()}
    for why in sorted(exact, key=lambda why: given[why] - exact[why])[: settings.size - sum(given.values())]:
        given[why] += 1
    return given


class _Picker:
    """Takes turns off lists: one of what says the same, and not too many of one customer."""

    def __init__(self, alike: Alike, per_customer: int, said: Mapping[int, str], open_: Mapping[str, int]) -> None:
        self._twin_of: Callable[[Turn], str] = alike.twin_of
        self._most, self._said, self._open = per_customer, said, open_
        self._customers: Counter[str] = Counter()
        self._twins: set[tuple[bool, str]] = set()

    def pick(self, why: Why, ranked: Iterable[tuple[Turn, float]], count: int) -> list[Chosen]:
        found: list[Chosen] = []
        for turn, score in ranked:
            if len(found) >= count:
                break
            twin = (turn.done, self._twin_of(turn))
            if twin in self._twins or self._customers[turn.subject] >= self._most:
                continue
            self._twins.add(twin)
            self._customers[turn.subject] += 1
            like = max(0, self._open.get(twin[1], 0) - (not turn.done))
            found.append(Chosen(turn.id, why, like, round(score, 4), self._said.get(turn.id, "")))
        return found


def _clusters(turns: Sequence[Turn], alike: Alike) -> list[_Cluster]:
    """What several customers are about, most customers for each look first."""
    members: dict[str, list[Turn]] = {}
    for turn in turns:
        if (group := alike.group.get(turn.key)) is not None:
            members.setdefault(group, []).append(turn)
    made = [_cluster(each) for each in members.values()]
    return sorted((each for each in made if each.customers > 1), key=lambda each: (-each.weight, each.turns[0].id))


def _cluster(members: Sequence[Turn]) -> _Cluster:
    open_ = [turn for turn in members if not turn.done]
    outside = 2 * sum(turn.outside for turn in members) > len(members)
    return _Cluster(open_, len({turn.subject for turn in members}), outside, len(members) - len(open_)) if open_ else (
        _Cluster((), 0, outside, len(members))
    )  # fmt: skip


def _rounds(clusters: Sequence[_Cluster]) -> Iterator[tuple[Turn, float]]:
    """One turn of each cluster, then a second of each, and so on."""
    ranked = [sorted(each.turns, key=lambda turn: (turn.margin, -turn.id)) for each in clusters]
    for depth in range(max(map(len, ranked), default=0)):
        for cluster, members in zip(clusters, ranked, strict=True):
            if depth < len(members):
                yield members[depth], float(cluster.customers)
