"""Our recognizers for whoever uses Presidio. The detector asks them itself, so nothing here is imported by a door."""

from presidio_analyzer import EntityRecognizer, RecognizerResult

from tactful.privacy.recognizers.first_look import FirstLook
from tactful.privacy.recognizers.patterns import Patterns


class ForPresidio(EntityRecognizer):
    """A recognizer of ours with Presidio's way to ask."""

    def __init__(self, patterns: Patterns) -> None:
        super().__init__([patterns.entity], name=patterns.source)
        self._look = FirstLook([patterns])

    def load(self) -> None: ...

    def analyze(self, text: str, entities: list[str], nlp_artifacts: object = None) -> list[RecognizerResult]:
        found = [span for reader in self._look.likely(text) for span in reader.read(text)]
        return [RecognizerResult(span.type, span.start, span.end, span.score) for span in found]
