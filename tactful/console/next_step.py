"""What a trainer would do next, in one sentence, by what the register holds."""

from dataclasses import dataclass

from tactful.learn.models import CANDIDATE, State

MODELS = "/console/models"


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence, and where it is done."""

    words: str
    path: str
    link: str


def next_step(state: State, passes: bool | None) -> Step:
    """`passes`: what the gate said of the candidate when it was evaluated last; None before that."""
    if state.canary:
        told = f"{state.canary.model} answers {state.canary.share:.0%} of new conversations: give it more, or end it."
        return Step(told, f"{MODELS}/{state.canary.model}", "See how it does")
    candidate = state.alias(CANDIDATE)
    answering = state.answering
    if candidate is None or candidate == answering or (answering and candidate.at < answering.at):
        told = "No model waits. A better one comes of reviewed messages, written as examples and trained."
        return Step(told, "/console/training", "See what was reviewed")
    path = f"{MODELS}/{candidate.name}"
    if passes is None:
        return Step(f"{candidate.name} waits, and nobody knows how good it is: evaluate it.", path, "Open it")
    if not passes:
        told = f"The gate refused {candidate.name}. Its page says why; better examples make a better one."
        return Step(told, path, "See why")
    told = f"{candidate.name} passed the gate: let it answer a share of new conversations, or everybody."
    return Step(told, path, "Open it")
