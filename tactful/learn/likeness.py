"""What sentences are like, asked of the engine: its environment has the encoder, in a process of its own."""

from collections.abc import Mapping, Sequence

from tactful.learn.asking import Engine, ModelSilent
from tactful.learn.choice import Alike


def alike(engine: Engine, sentences: Mapping[str, tuple[str, int]]) -> Alike:
    """Which of these say the same and are about the same. `sentences`: key → (text, how often it was said).

    Errors: `ModelSilent`.
    """
    if not sentences:
        return Alike()
    keys = list(sentences)
    lines = [{"text": text, "count": count} for text, count in sentences.values()]
    answers = engine.ask("tactful_engine.grouping", lines, "Sentences could not be compared")
    if len(answers) != len(keys):
        raise ModelSilent("Not every sentence was compared.")
    twins = {key: keys[answer["twin"]] for key, answer in zip(keys, answers, strict=True)}
    groups = {
        key: keys[answer["group"]] for key, answer in zip(keys, answers, strict=True) if answer["group"] is not None
    }
    return Alike(twins, groups)


def in_doubt(engine: Engine, examples: Sequence[tuple[str, str]]) -> list[tuple[int, str, float]]:
    """(number, other intent, its probability) of (text, intent) that all the others contradict, worst first.

    Errors: `ModelSilent`.
    """
    if len({intent for _, intent in examples}) < 2:
        return []
    lines = [{"text": text, "intent": intent} for text, intent in examples]
    answers = engine.ask("tactful_engine.mislabels", lines, "Labels could not be checked")
    return [(answer["line"], answer["said"], answer["sure"]) for answer in answers]
