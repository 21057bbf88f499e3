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
