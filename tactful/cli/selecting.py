"""`tactful learn select`: what to review next, and what may be a new intent."""

import getpass
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer

from tactful.bootstrap import Services
from tactful.cli.customer import services
from tactful.cli.evaluating import progress
from tactful.installation import jobs
from tactful.learn.asking import Engine, engine
from tactful.learn.choice import Choice, Selecting, Why
from tactful.learn.evaluating import taught_by_hand
from tactful.learn.gate import load
from tactful.learn.likeness import alike, in_doubt
from tactful.learn.naming import rarity
from tactful.learn.selection import Pool, Suggestion, keep, pool, selected, suggestions
from tactful.store.audit import Act, Actor, Reason, Role

DOUBTED = 20  # examples written by hand that are told
ABOUT = {
    Why.UNCERTAIN: "the model was torn",
    Why.FREQUENT: "many customers ask",
    Why.OUTSIDE: "no intent is for it",
    Why.MISLABEL: "reviewed, and the others contradict it",
    Why.RANDOM: "by chance",
}


@dataclass(frozen=True, slots=True)
class Doubted:
    """An example that people wrote, whose intent the others contradict."""

    text: str
    intent: str
    said: str
    sure: float


@dataclass(frozen=True, slots=True)
class Selected:
    """A choice, the new intents that it suggests, and examples in doubt."""

    choice: Choice
    suggestions: Sequence[Suggestion]
    doubted: Sequence[Doubted]


def select(
    size: Annotated[int | None, typer.Option(min=1, max=1000, help="how many turns; else as learning.yml says")] = None,
    seed: Annotated[int | None, typer.Option(help="another seed draws another random part")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only tell; the reviewers' queue stays")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print everything as one JSON object")] = False,
) -> None:
    """Choose what to review next, for the queue "Worth learning from". Example: tactful learn select --size 60

    Unsure turns, what many ask, what no intent is for, labels in doubt, and chance: the shares stand in learning.yml.
    """
    built = services()
    changes = {name: value for name, value in (("size", size), ("seed", seed)) if value is not None}
    with jobs(built.settings).doing("select", getpass.getuser(), progress) as work:
        found = select_turns(built, Actor(Role.OPERATOR), work.told, changes, dry_run=dry_run)
        work.result |= about(found)
    if as_json:
        typer.echo(json.dumps(_everything(found), ensure_ascii=False))
        return
    for each in found.choice.chosen:
        like = f", and {each.like} like it" if each.like else ""
        said = f": rather {each.said} ({each.score:.0%})" if each.said else ""
        address = f"{built.settings.address}/console/turns/{each.turn}"
        typer.echo(f"{each.why:<9}  {ABOUT[each.why]}{said}{like}  {address}")
    for suggestion in found.suggestions:
        typer.echo(f"a new intent? {' '.join(suggestion.words)}: {suggestion.customers} customers")
    for doubt in found.doubted:
        rather = f"rather {doubt.said} ({doubt.sure:.0%})"
        typer.echo(f"in doubt: {doubt.text!r} stands under {doubt.intent}, and is {rather}")
    for line in _summary(found, dry_run):
        typer.echo(line)


def select_turns(
    built: Services, actor: Actor, told: Callable[[str], None], changes: Mapping[str, Any], *, dry_run: bool = False
) -> Selected:
    """Choose, and put the choice into the reviewers' queue. Errors: `ModelSilent`, `SetupError`."""
    project = built.settings.project
    settings = changed(load(project / "learning.yml").select, changes)
    asked = engine(project)
    told("reading the turns")
    with built.database.read() as tx:
        found = pool(tx, built.policy, settings.recent)
    compared = found.compared(settings.compared)
    told(f"comparing {len(compared)} sentences")
    near = alike(asked, compared)
    by_hand = taught_by_hand(project)
    told(f"checking {len(found.labelled) + len(by_hand)} labels")
    doubts, doubted = _doubts(asked, found, by_hand)
    choice = selected(found, near, doubts, settings)
    if not dry_run:
        with built.database.begin() as tx:
            keep(tx, choice, built.clock())
            built.audit.record(
                tx, Act.LEARN_SELECTED, actor=actor, reason=Reason.REVIEW, fields={"turns": len(choice.chosen)}
            )
    return Selected(choice, suggested(built, by_hand, settings), doubted)


def about(found: Selected) -> dict[str, Any]:
    """What is kept of a choice beside it: how many, and the examples in doubt that people wrote."""
    return {"chosen": len(found.choice.chosen), "doubted": [asdict(each) for each in found.doubted]}


def changed(settings: Selecting, changes: Mapping[str, Any]) -> Selecting:
    """The settings of learning.yml with what a command says instead."""
    return Selecting.model_validate(settings.model_dump() | dict(changes))


def suggested(built: Services, by_hand: Mapping[str, str], settings: Selecting) -> list[Suggestion]:
    """The groups of the choice in force, with words."""
    with built.database.read() as tx:
        return suggestions(tx, built.policy, rarity(by_hand), settings.customers_to_name)


def _doubts(
    engine: Engine, found: Pool, by_hand: Mapping[str, str]
) -> tuple[list[tuple[int, str, float]], list[Doubted]]:
    """Those of the reviewed turns, by number, and the worst of the examples that people wrote."""
    examples = [(text, intent) for _, text, intent in found.labelled]
    written = list(by_hand.items())
    told = in_doubt(engine, examples + written)
    turns = [each for each in told if each[0] < len(examples)]
    hand = [(written[number - len(examples)], said, sure) for number, said, sure in told if number >= len(examples)]
    return turns, [Doubted(text, intent, said, sure) for (text, intent), said, sure in hand[:DOUBTED]]


def _summary(found: Selected, dry_run: bool) -> list[str]:
    count = Counter(each.why for each in found.choice.chosen)
    if not found.choice.chosen:
        return [f"Nothing to choose: {found.choice.weighed} turns may be read and wait for nobody else."]
    told = ", ".join(f"{count[why]} {why}" for why in Why if count[why])
    where = "would be" if dry_run else "are"
    return [
        f"{len(found.choice.chosen)} of {found.choice.weighed} turns {where} in the queue Worth learning from: {told}."
    ]


def _everything(found: Selected) -> dict[str, Any]:
    return {
        "weighed": found.choice.weighed,
        "chosen": [asdict(each) for each in found.choice.chosen],
        "new_intents": [asdict(each) for each in found.suggestions],
        "examples_in_doubt": [asdict(each) for each in found.doubted],
    }
