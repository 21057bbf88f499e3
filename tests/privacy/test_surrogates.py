"""Surrogates: the same kind and shape, nobody's, consistent in a conversation, and not to be found without the salt."""

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.privacy.placeholders import LITERAL, PLACEHOLDER
from tactful.privacy.spans import Span
from tactful.privacy.surrogates import MAKERS, TELLING, Surrogates
from tactful.privacy.surrogates.numbers import iban_check, luhn_digit
from tactful.privacy.surrogates.shape import bare, digits_of

SALT = bytes(range(32))
KINDS = st.sampled_from([*MAKERS, "PERSON", "BOOKING_ID", "LICENSE_PLATE", "A_KIND_OF_TOMORROW"])


def whole(value: str, kind: str, scope: Surrogates | None = None) -> str:
    return (scope or Surrogates(SALT, "c")).replace(value, [Span(0, len(value), kind, 1.0)])


def shape(value: str) -> str:
    """9 for a digit, a or A for a letter, other signs as they are."""
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", value)))


@pytest.mark.parametrize("value", ["Ana Berg", "ana berg", "ANA BERG", "Ana", "Ana-Maria Berg Lund", "Dr. Ana Berg"])
def test_a_name_has_as_many_words_in_the_same_case(value: str) -> None:
    made = whole(value, "PERSON")
    assert re.sub(r"\w+", "", made) == re.sub(r"\w+", "", value)
    for before, after in zip(re.findall(r"\w+", value), re.findall(r"\w+", made), strict=True):
        assert (after.islower(), after.isupper()) == (before.islower(), before.isupper())
        assert after == before == "Dr" or after.lower() != before.lower()


def test_one_name_of_a_person_stands_for_the_same_person() -> None:
    scope = Surrogates(SALT, "c")
    first, last = whole("Ana Berg", "PERSON", scope).split()
    assert whole("ANA", "PERSON", scope) == first.upper()
    assert whole("berg", "PERSON", scope) == last.lower()
    assert whole("Bo Berg", "PERSON", scope).split()[1] == last


@pytest.mark.parametrize(("value", "script"), [("Иван Петров", "Ѐ-ӿ"), ("田中", "一-鿿"), ("Γιώργος", "Ͱ-Ͽἀ-῿")])
def test_a_name_stays_in_its_script(value: str, script: str) -> None:
    assert re.fullmatch(f"[{script} ]+", whole(value, "PERSON"))


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("ana.berg84@gmail.com", r"[a-z]+\.[a-z]+\d\d@example\.com"),
        ("ANA@MAIL.ACME.NET", r"[A-Z]+@EXAMPLE\.NET"),
        ("ana (at) acme dot de", r"[a-z]+ \(at\) example dot (com|net|org)"),
        ("ana@acme", r"[a-z]+@example"),
    ],
)
def test_an_address_for_mail_is_at_example(value: str, pattern: str) -> None:
    assert re.fullmatch(pattern, whole(value, "EMAIL_ADDRESS"))


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("(415) 867-5309", r"\(\d{3}\) 555-01\d\d"),
        ("+1.415.867.5309 ext. 12", r"\+1\.\d{3}\.555\.01\d\d ext\. \d\d"),
        ("+44 7911 123456", r"\+44 7700 900\d{3}"),
        ("020 7123 4567", r"016 3296 0\d{3}"),
        ("06 12 34 56 78", r"06 39 98 \d\d \d\d"),
        ("+91 98765-43210", r"\+91 \d{5}-\d{5}"),
        ("four one five", r"[a-z]+ [a-z]+ [a-z]+"),
    ],
)
def test_a_number_to_call_is_kept_for_fiction_and_looks_the_same(value: str, pattern: str) -> None:
    made = whole(value, "PHONE_NUMBER")
    assert re.fullmatch(pattern, made)
    assert value.startswith("four") or shape(made) == shape(value)


def test_a_fictional_american_number_is_one_that_could_be() -> None:
    made = whole("415-867-5309", "PHONE_NUMBER")
    assert phonenumbers.is_possible_number(phonenumbers.parse(made, "US"))


@pytest.mark.parametrize(
    "value", ["4000 0012 3456 7899", "4000-0012-3456-7890", "378282246310005", "6304 0000 0000 0000 000"]
)
def test_a_card_is_of_a_test_range_and_right_only_if_it_was(value: str) -> None:
    made = whole(value, "CREDIT_CARD")
    was, now = digits_of(value), digits_of(made)
    assert shape(made) == shape(value)
    assert now[:6] in {"424242", "555555", "378282", "601111"}
    assert (luhn_digit(now[:-1]) == int(now[-1])) == (luhn_digit(was[:-1]) == int(was[-1]))


@pytest.mark.parametrize(
    "value", ["GB29 NWBK 6016 1331 9268 19", "de89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606"]
)
def test_an_account_keeps_its_country_and_has_right_check_digits(value: str) -> None:
    made = whole(value, "IBAN_CODE")
    plain = bare(made).upper()
    assert shape(made) == shape(value)
    assert plain[:2] == value[:2].upper()
    assert plain[2:4] == iban_check(plain[:2], plain[4:])
    assert int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


@pytest.mark.parametrize(
    "value", ["3rd May 1990", "1990-05-03", "05/03/1990", "3.5.90", "MAY 3, 1990", "19900503", "3 mars 1985"]
)
def test_a_birthday_is_another_in_the_same_format(value: str) -> None:
    made = whole(value, "DATE_OF_BIRTH")
    assert re.sub(r"[^\W\d_]+", "w", re.sub(r"\d", "9", made)) == re.sub(r"[^\W\d_]+", "w", re.sub(r"\d", "9", value))
    assert [run.isupper() for run in re.findall(r"[A-Za-z]+", made)] == [
        r.isupper() for r in re.findall(r"[A-Za-z]+", value)
    ]


def test_an_address_keeps_its_pieces() -> None:
    made = whole("12 Elm Street, Apt 4B, Springfield, IL 62704", "STREET_ADDRESS")
    assert re.fullmatch(r"\d\d \w+ Street, Apt \d[A-Z], \w+, IL \d{5}", made)
    assert not re.search("Elm|Springfield|62704", made)
    assert re.fullmatch(r"\w+straße \d", whole("Lindenstraße 5", "STREET_ADDRESS"))


@pytest.mark.parametrize(
    ("value", "prefix"),
    [
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_"),
        ("ghp_abcd1234ABCD", "ghp_"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
        ("postgres://ana:pw12@db.test/x", "postgres://"),
    ],
)
def test_a_secret_keeps_its_make_and_alphabet(value: str, prefix: str) -> None:
    made = whole(value, "SECRET")
    assert made.startswith(prefix)
    assert shape(made) == shape(value)


@pytest.mark.parametrize(
    ("value", "kind", "pattern"),
    [
        ("10.1.2.3", "IP_ADDRESS", r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+"),
        ("fe80::1", "IP_ADDRESS", r"2001:db8:[0-9a-f:]+"),
        ("AA-BB-CC-00-11-22", "MAC_ADDRESS", r"[0-9A-F][26AE](-[0-9A-F]{2}){5}"),
        ("123-45-6789", "US_SSN", r"9\d\d-[1-4]\d-\d{4}"),
        ("-48.85837, 2.294481", "COORDINATES", r"-[1-8]\d\.\d{5}, [1-9]\.\d{6}"),
        ("8497 RT", "BOOKING_ID", r"\d{4} [A-Z]{2}"),
        ("@ana_84", "USERNAME", r"@[a-z]+_\d\d"),
    ],
)
def test_other_kinds_keep_their_shape(value: str, kind: str, pattern: str) -> None:
    assert re.fullmatch(pattern, whole(value, kind))


def test_two_layouts_of_a_number_are_one_value() -> None:
    scope = Surrogates(SALT, "c")
    dashed, plain = whole("415-867-5309", "PHONE_NUMBER", scope), whole("(415) 867 5309", "PHONE_NUMBER", scope)
    assert digits_of(dashed) == digits_of(plain)
    assert dashed != plain


@given(KINDS, st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=24), min_size=1, max_size=6))
@settings(deadline=None)
def test_the_same_value_is_the_same_surrogate_another_is_another_and_none_holds_its_value(
    kind: str, values: list[str]
) -> None:
    scope = Surrogates(SALT, "c")
    made = {value: whole(value, kind, scope) for value in values}
    for value, surrogate in made.items():
        assert whole(value, kind, scope) == surrogate
        assert surrogate != value
        if len(bare(value)) >= TELLING and not PLACEHOLDER.fullmatch(surrogate):
            assert bare(value).casefold() not in bare(surrogate).casefold()
    different = {bare(value).casefold(): surrogate for value, surrogate in made.items() if bare(value)}
    assert len({bare(each).casefold() for each in different.values()}) == len(different)


@given(st.text(st.sampled_from("abc 1."), min_size=2, max_size=30), st.data())
@settings(deadline=None)
def test_no_surrogate_is_a_value_that_stands_in_the_text(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(1, len(text) - 1))
    kind = data.draw(KINDS)
    made = Surrogates(SALT, "c").replace(text, [Span(0, end, kind, 1.0)])
    surrogate = made[: len(made) - len(text) + end]
    assert surrogate.casefold() not in text.casefold()


def test_another_salt_or_another_conversation_gives_others() -> None:
    values = ["ana.berg84@gmail.com", "4000 0012 3456 7899", "12 Elm Street", "Ana Berg"]
    kinds = ["EMAIL_ADDRESS", "CREDIT_CARD", "STREET_ADDRESS", "PERSON"]

    def made(scope: Surrogates) -> list[str]:
        return [whole(value, kind, scope) for value, kind in zip(values, kinds, strict=True)]

    first = made(Surrogates(SALT, "c"))
    assert first == made(Surrogates(SALT, "c"))
    for other in (made(Surrogates(b"another salt of thirty two bytes", "c")), made(Surrogates(SALT, "d"))):
        assert not set(first) & set(other)


def test_more_people_than_there_are_names_are_still_told_apart() -> None:
    scope = Surrogates(SALT, "c")
    letters = "abcdefghij"
    people = [f"zz{a}{b}{c}q" for a in letters for b in letters for c in letters[:8]]
    made = {whole(person, "PERSON", scope) for person in people}
    assert len(made) == len(people)


def test_what_looks_like_a_placeholder_stays_one() -> None:
    assert whole("PERSON_2", LITERAL) == "PERSON_2"


def test_it_does_not_tell_what_it_knows() -> None:
    scope = Surrogates(SALT, "c")
    whole("Ana Berg", "PERSON", scope)
    assert "Ana" not in repr(scope)
