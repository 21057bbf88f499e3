"""Numbers with check digits and ranges: cards, accounts, social security, addresses of the network, coordinates."""

import re

from tactful.privacy.surrogates.draw import Draw
from tactful.privacy.surrogates.shape import bare, digits_laid_out, digits_of, laid_out, scrambled

# Ranges that payment providers publish for tests, by the first digit of the card.
_TEST_CARDS = {"3": "378282", "2": "555555", "5": "555555", "6": "601111"}
SHORTEST_CARD = 12  # digits
_OCTETS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_DOCUMENTATION = ("192.0.2", "198.51.100", "203.0.113")  # RFC 5737


def card(value: str, draw: Draw) -> str:
    """Of a test range, with as many digits, right by Luhn if and only if `value` is."""
    digits = digits_of(value)
    if len(digits) < SHORTEST_CARD:
        return scrambled(value, draw)
    body = _TEST_CARDS.get(digits[0], "424242") + draw.digits(len(digits) - 7)
    right = luhn_digit(body)
    wrong = (right + draw.number(1, 9)) % 10
    return digits_laid_out(body + str(right if luhn_digit(digits[:-1]) == int(digits[-1]) else wrong), value)


def luhn_digit(body: str) -> int:
    """The check digit for `body` (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(body)))
    return -sum(divmod(number, 10)[0] + number % 10 for number in doubled) % 10


def iban(value: str, draw: Draw) -> str:
    """Of the same country and layout, with check digits that are right (ISO 13616)."""
    plain = bare(value).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", plain):
        return scrambled(value, draw)
    account = scrambled(plain[4:], draw)
    return _as_typed(plain[:2] + iban_check(plain[:2], account) + account, value)


def iban_check(country: str, account: str) -> str:
    number = int("".join(str(int(character, 36)) for character in f"{account}{country}00"))
    return f"{98 - number % 97:02}"


def _as_typed(characters: str, value: str) -> str:
    laid = laid_out(characters, value)
    return laid.lower() if value == value.lower() else laid


def social_security(value: str, draw: Draw) -> str:
    """Of an area that is given neither to a person (900 and above) nor, with this group, to a taxpayer."""
    if len(digits_of(value)) != 9:
        return scrambled(value, draw)
    return digits_laid_out(f"9{draw.digits(2)}{draw.number(10, 49)}{draw.number(1000, 9999)}", value)


def ip_address(value: str, draw: Draw) -> str:
    """Of the ranges kept for documentation (RFC 5737, RFC 3849)."""
    if ":" in value and not _OCTETS.search(value):
        return "2001:db8:" + ":".join(f"{draw.number(1, 0xFFFF):x}" for _ in range(6))
    found = _OCTETS.search(value)
    if not found:
        return scrambled(value, draw)
    before = "::ffff:" if ":" in value[: found.start()] else ""
    return f"{before}{draw.pick(_DOCUMENTATION)}.{draw.number(1, 254)}" + scrambled(value[found.end() :], draw)


def mac_address(value: str, draw: Draw) -> str:
    """One that is administered locally: no maker's."""
    characters = "".join(draw.pick("0123456789abcdef") for _ in bare(value))
    made = laid_out(characters[:1] + draw.pick("26ae") + characters[2:], value)
    return made.upper() if value == value.upper() else made


def coordinates(value: str, draw: Draw) -> str:
    """Somewhere else, as precise, in the same layout."""

    def elsewhere(found: re.Match[str]) -> str:
        whole, fraction = found[1], found[2] or ""
        high = {1: 9, 2: 89, 3: 179}.get(len(whole), 9)
        drawn = str(draw.number(10 ** (len(whole) - 1), high)) if len(whole) <= 3 else draw.digits(len(whole))
        return drawn + (fraction[:1] + draw.digits(len(fraction) - 1) if fraction else "")

    return re.sub(r"(\d+)([.,]\d+)?", elsewhere, value)
