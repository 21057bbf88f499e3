"""Passports and driving licences: their numbers look like many others, so a word must name them."""

from tactful.privacy.recognizers.named import named
from tactful.privacy.recognizers.patterns import recognizer

PASSPORT = recognizer(
    "passport",
    "PASSPORT",
    named(
        r"passport|pasaporte|passeport|passaporto|paspoort|reisepass(?:nummer)?|travel document",
        r"(?=[A-Z]{0,3} ?\d)(?:[A-Z]{1,3} )?[A-Z0-9]{6,10}",
    ),
    r"(?<!\w)P<[A-Z]{3}[A-Z<]{39}(?:\n[A-Z0-9<]{44})?",  # the machine-readable lines
    score=0.85,
    digits=6,
)
LICENCE = recognizer(
    "driving licence",
    "DRIVER_LICENSE",
    named(
        r"(?:driver'?s?|driving)'? ?(?:licen[cs]e|permit)|licen[cs]e (?:number|no)|f[üu]e?hrerschein(?:nummer)?|permis de conduire|dl",
        r"(?=[A-Z]{0,5}[ -]?\d)[A-Z0-9]{1,18}(?:[ -](?=[A-Z]{0,2}\d)[A-Z0-9]{1,9}){0,4}",
    ),
    score=0.85,
    digits=4,
)

PAPERS = [PASSPORT, LICENCE]
