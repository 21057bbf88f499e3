"""Amounts of money as people write them, in euros."""

import re

# Yearly averages, good enough for "about how much"; what was understood is said back.
TO_EUR = {"€": 1.0, "eur": 1.0, "euro": 1.0, "euros": 1.0, "$": 0.9, "usd": 0.9, "dollar": 0.9, "dollars": 0.9,
          "£": 1.17, "gbp": 1.17, "pound": 1.17, "pounds": 1.17, "quid": 1.17, "chf": 1.05, "francs": 1.05,
          "pln": 0.23, "sek": 0.09, "dkk": 0.13, "nok": 0.085, "jpy": 0.006, "aud": 0.6, "cad": 0.65, "nzd": 0.55,
          "czk": 0.04, "huf": 0.0025, "ron": 0.2, "inr": 0.01, "brl": 0.16, "zar": 0.05, "aed": 0.25,
          "sgd": 0.68}  # fmt: skip
CURRENCY = "|".join(sorted((re.escape(name) for name in TO_EUR), key=len, reverse=True))
NUMBER = r"\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
AMOUNT = re.compile(
    rf"(?P<before>{CURRENCY})?\s?(?<![\w.,])(?P<number>{NUMBER})\s?(?P<k>k\b)?\s?(?P<after>(?:{CURRENCY})(?!\w))?",
    re.IGNORECASE,
)
SMALLEST, LARGEST = 20, 100_000
ABOUT_MONEY = re.compile(
    r"\b(?:budget|spend|max(?:imum)?|up to|at most|under|price|cost|per person|money)\b", re.IGNORECASE
)


IN_WORDS = {"hundred": 100, "thousand": 1000, "grand": 1000}
DIGITS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
SPOKEN = re.compile(rf"\b({'|'.join(DIGITS)})\s+(?:couple\s+of\s+)?({'|'.join(IN_WORDS)})\b", re.IGNORECASE)


def euros(text: str, *, bare: bool) -> float | None:
    """The amount in a text, in euros; the middle of a range. `bare`: a number alone counts as money.

    None if there is no amount, or one nobody travels on.
    """
    text = SPOKEN.sub(lambda said: str(DIGITS[said[1].lower()] * IN_WORDS[said[2].lower()]), text)
    matches = list(AMOUNT.finditer(text))
    marked = [m for m in matches if m["before"] or m["after"] or m["k"]]
    if marked and len(matches) > 1 and re.search(r"\d\s?(?:-|–|to|and)\s?\D{0,2}\d", text):
        marked = matches  # "between 700 and 900 euros": the currency stands once
    if not marked and not (bare or ABOUT_MONEY.search(text)):
        return None
    amounts = [_value(match, _unit(matches)) for match in (marked or matches)]
    likely = [amount for amount in amounts if SMALLEST <= amount <= LARGEST]
    return float(round(sum(likely[:2]) / len(likely[:2]))) if likely else None


def _unit(matches: list[re.Match[str]]) -> str:
    return next((m["before"] or m["after"] for m in matches if m["before"] or m["after"]), "€").casefold()


def _value(match: re.Match[str], unit: str) -> float:
    number = match["number"]
    if re.fullmatch(r"\d{1,3}(?:[ .,]\d{3})+", number):
        number = re.sub(r"[ .,]", "", number)
    amount = float(number.replace(",", ".")) * (1000 if match["k"] else 1)
    return amount * TO_EUR[(match["before"] or match["after"] or unit).casefold()]
