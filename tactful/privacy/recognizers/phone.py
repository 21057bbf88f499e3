"""Phone numbers of the world: what the phonenumbers library knows, and the shapes people type."""

import phonenumbers
from presidio_analyzer import EntityRecognizer, RecognizerResult

from tactful.privacy.recognizers.patterns import recognizer

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "BR", "AU")

PHONE = recognizer(
    "phone",
    "PHONE_NUMBER",
    r"(?<![\w.$€£#/-])(?:\+|00)\d{1,3}[ .()/-]{0,3}(?:\d[ .()/-]{0,2}){5,13}\d(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w])",
    r"(?<![\w.$€£#/-])(?:1[ .-]?)?\(?\d{3}\)?[ .-]{0,3}\d{3}[ .-]\d{4}(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w-])",
    r"(?<![\w.$€£#/-])\d{3}-\d{4}(?![\w-])",
    r"(?<=\b(?:phone|mobile|cell|tel|telephone|call(?:\sme)?(?:\s(?:at|on))?|whatsapp|text\sme(?:\sat|\son)?|contact|reach\s(?:me|us)(?:\sat|\son)?|fax)(?:\s*(?:number|no\.?|#|:|is|are|was|my|-|me|at|on)){0,4}[\s:]*)(?<!\w)\(?\+?\d(?:[ .()/-]{0,2}\d){5,14}(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?!\w)",
    score=0.8,
)


class KnownPhones(EntityRecognizer):
    """Numbers that some country's numbering plan allows, written as one would write them there."""

    def __init__(self) -> None:
        super().__init__(["PHONE_NUMBER"], name="phonenumbers")

    def load(self) -> None: ...

    def analyze(self, text: str, entities: list[str], nlp_artifacts: object = None) -> list[RecognizerResult]:
        if sum(character.isdigit() for character in text) < 8:
            return []
        return [
            RecognizerResult("PHONE_NUMBER", match.start, match.end, 0.7)
            for region in REGIONS
            for match in phonenumbers.PhoneNumberMatcher(text, region, phonenumbers.Leniency.VALID)
            if len(match.raw_string) > 8 and not match.raw_string.isdigit()
        ]


PHONES: list[EntityRecognizer] = [PHONE, KnownPhones()]
