"""A Presidio recognizer from patterns: a match is a finding, whether its check digits are right or not.

Presidio's own recognizers drop what fails a checksum; a card number with a typing mistake is still personal.
"""

import regex
from presidio_analyzer import Pattern, PatternRecognizer

FLAGS = regex.IGNORECASE | regex.MULTILINE


def recognizer(name: str, entity: str, *patterns: str, score: float = 0.8, flags: int = FLAGS) -> PatternRecognizer:
    """A recognizer called `name` of one entity type; each pattern's whole match is the value."""
    return PatternRecognizer(
        supported_entity=entity,
        name=name,
        patterns=[Pattern(f"{name}-{number}", pattern, score) for number, pattern in enumerate(patterns, 1)],
        global_regex_flags=flags,
    )
