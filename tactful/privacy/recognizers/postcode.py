"""Postcodes: next to their word, or in the British and Canadian shapes, which nothing else has."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

_CODE = r"(?:\d{5}[- ]\d{3,4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?(?-i:[A-Z]{2})|\d{4}-\d{3}|\d{3} \d{2,3}|\d{2}-\d{3}|(?:[A-Z]{1,2}-)?\d{3,6})"

POSTCODE = recognizer(
    "postcode",
    "ZIP_CODE",
    named(
        r"zip(?: ?code)?|post ?code|postal ?code|postleitzahl|plz|code postal|c[oó]digo postal|cap|pin ?code|eircode",
        _CODE,
    ),
    r"(?<!\w)(?-i:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d)(?!\w)",
    score=0.75,
    digits=2,
)
# "in Bjert 6091": a number after a name in capitals, that is no year, no count and no part of a thing.
AFTER_CITY = recognizer(
    "postcode after a city",
    "ZIP_CODE",
    r"\bin (?:(?-i:[^\W\d_a-z])[\w'’-]{2,30} |(?:de|do|da|del|di|la|le|el|of) ){1,4}(?:(?-i:[A-Z]) )?(?<!Room )(?<!Section )(?<!Chapter )(?<!Article )(?<!Page )(?<!Step )(?<!Gate )(?<!Row )(?<!Line )(?<!Version )(?<!Flight )(?<!Python )"
    r"(?P<value>\d{4}-\d{3}|\d{3} \d{2}|\d{2}-\d{3}|(?!(?:19|20)\d\d(?!\d))\d{4,5})(?=[.,;!?\n]|$| (?:in|on|for|and|is|at|to|with)\b)",
    score=0.6,
    digits=4,
)

POSTCODES = [POSTCODE, AFTER_CITY]
