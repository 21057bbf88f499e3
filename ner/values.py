"""Values for the templates' slots: invented people and addresses of many countries, codes, dates, prices."""

import random
import re
import string
from collections.abc import Callable
from functools import cache

from faker import Faker

from ner.lists import Lists
from tactful.privacy.recognizers.address_tail import DISTRICTS as _DISTRICTS
from tactful.privacy.recognizers.words import CHAT, TIMES, TRADE

LOCALES = (
    "en_US en_GB en_CA en_AU en_IN en_IE en_NZ de_DE de_AT de_CH fr_FR fr_CH es_ES es_MX es_AR it_IT nl_NL nl_BE pt_PT pt_BR "
    "pl_PL sv_SE fi_FI da_DK no_NO cs_CZ hu_HU sk_SK sl_SI hr_HR tr_TR ro_RO"
).split()  # fmt: skip
STREETS_EACH = 300
ENDINGS = """Street St St. Avenue Ave Ave. Road Rd Rd. Boulevard Blvd Lane Ln Drive Dr Dr. Way Court Ct Place Pl Plaza Square Terrace Crescent
Circle Highway Hwy Parkway Pkwy Expressway Trail Row Loop Close Gardens Grove Mews Walk Hill Quay Route Nagar Colony Main Cross Marg Broadway
Alley Path Pike Run Ridge Park View Heights Crossing Bypass Path Freeway Fork Glen Green Isle Junction Keys Lodge Manor Meadows Mission Shores
Groves Springs Station Summit Throughway Track Turnpike Union Valley Viaduct Ville Vista Well""".split()
DIRECTIONS = "North South East West N S E W NE NW SW SE N. S. E. W.".split()
STREET_WORDS = """Main High Church Park Mill Station Market Bridge King Queen Victoria Oak Maple Cedar Pine Elm Lake River Spring Hill Valley Sunset Washington
Lincoln Jefferson Mission Powell Mason Geary Howard Bay Ocean Harbor Broadway Grand Central Union Liberty College School Forest Garden Green Rose
San Carlos El Camino Real Santa Clara Treat Clayton Contra Costa Stevens Creek Blossom Castro Villa Shoreline Monterey Alameda Telegraph University""".split()
UNITS = "Apt Apt. apt Suite Ste Ste. Unit Flat Floor Fl # Room Rm Bldg Door Block apartment unit flat".split()
STATES = """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA
WV WI WY California Texas Florida Georgia Ohio Virginia Nevada Alaska Maine Utah Queensland Ontario Kent Bavaria Kerala""".split()
MONTHS = "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday today tomorrow tonight yesterday mon tue wed thu fri".split()
AIRLINES = """Lufthansa KLM Emirates Ryanair Delta United Iberia TAP Qantas Southwest JetBlue Alaska Airlines|Air France|British Airways|American Airlines|Singapore
Airlines|easyJet|Vueling|Wizz Air|Air India|IndiGo|Etihad|Qatar Airways|Turkish Airlines|Spirit|Frontier|SWISS|Finnair|SAS|Air Canada|Avianca|LATAM|Aeromexico""".replace(
    "\n", " "
).split("|")
PRODUCTS = """iPhone|Android|Windows|Chrome|Firefox|Postman|Python|Node|Django|React|Kubernetes|Docker|GitHub|Slack|Stripe|Excel|Outlook|Gmail|Netflix|Spotify|Hulu|HBO|
Visa|MasterCard|PayPal|Apple Pay|Wayfare|Explorer plan|Nomad plan|Studio plan|curl|Java|Ruby|Rails|Terraform|Galaxy|PlayStation|Xbox|Roku|Fire Stick|Alexa|Siri|Google""".replace(
    "\n", ""
).split("|")
PROVIDERS = "gmail yahoo hotmail outlook icloud aol live proton gmx web mail example rediffmail ymail comcast".split()
ENDS = "com com com co.uk net org de fr es it in edu io con".split()
NATIONS = """German French Italian Spanish Dutch British American Canadian Australian Indian Brazilian Portuguese Mexican Polish Swedish Finnish Danish Norwegian Czech
Turkish Greek Chinese Japanese Korean Thai Egyptian Moroccan Kenyan Nigerian Argentinian Peruvian Chilean Colombian Ecuadorean Irish Scottish Welsh Swiss Austrian Belgian
Russian Ukrainian Hungarian Romanian Croatian Slovenian Saudi Iranian Pakistani Filipino Greenlander New Zealander Estonian Latvian Lithuanian Icelander Swedes Danes Finns Germans
Italians Spaniards Saudis Indians Americans Mexicans Christian Muslim Jewish Hindu Buddhist""".split()
# A city alone behind a street stays readable; a district belongs to the address.
DISTRICTS = sorted(district.title() for district in _DISTRICTS)
CHATTER = sorted(word for word in CHAT | TRADE | TIMES if len(word) > 1)
FILLERS = (
    "Inc Ltd LLC GmbH Bank Group Labs Media Systems Airlines Partners & Co|Foundation Holdings Corp S.A. AG".split()
)


class Values:
    """Draws values for slots; the same `random` gives the same values."""

    def __init__(self, lists: Lists, rng: random.Random) -> None:
        self.lists, self.rng = lists, rng
        self._common = sorted(word for word, level in lists.words.items() if level <= 2 and "'" not in word)
        self._everyday = sorted(word for word, level in lists.words.items() if level == 1 and "'" not in word)
        named = {name.casefold() for name in lists.first} | {name.casefold() for name in lists.last}
        self._common = [word for word in self._common if word not in named or lists.words[word] == 1]
        self._drawn: dict[str, Callable[[], str]] = {
            "PERSON": self.person, "FIRST": self.first, "LAST": self.last, "ADDRESS": self.address, "STREET": self.street,
            "EMAIL": self.email, "USER": self.user, "ID": self.code, "PHONE": self.phone, "CITY": self.city,
            "COUNTRY": lambda: rng.choice(lists.countries), "DATE": self.date, "TIME": self.time, "PRICE": self.price,
            "NUM": self.number, "CODE": self.error, "VERSION": self.version, "PRODUCT": lambda: rng.choice(PRODUCTS),
            "AIRLINE": lambda: rng.choice(AIRLINES), "AIRPORT": lambda: self.letters(3), "FLIGHT": self.flight,
            "SEAT": lambda: f"{rng.randint(1, 60)}{rng.choice('ABCDEFGHJK')}", "MONTH": lambda: rng.choice(MONTHS[:12]),
            "ORG": self.organisation, "WORD": self.word, "LINE": self.line, "SPOKEN": self.spoken, "MAIL": self.mail,
            "PERSON2": lambda: f"{self.first()} {self.last()}", "PERSON3": self.long_name, "NRP": lambda: rng.choice(NATIONS), "CHAT": self.chat,
        }  # fmt: skip

    def draw(self, slot: str) -> str:
        """A value for a slot: its name, or `SHAPE=…` whose digits and letters are drawn anew."""
        if slot.startswith("SHAPE="):
            return self.shaped(slot.removeprefix("SHAPE="))
        if slot in self._drawn:
            return self._drawn[slot]()
        value = self._drawn[slot[:-1]]()  # a case is asked for
        return value.lower() if slot[-1] == "l" else value.upper()

    def first(self) -> str:
        return self.rng.choice(self.lists.common_first if self.rng.random() < 0.5 else self.lists.first)

    def last(self) -> str:
        return self.rng.choice(self.lists.common_last if self.rng.random() < 0.5 else self.lists.last)

    def person(self) -> str:
        """One to four words; initials, particles and suffixes as people have them."""
        kind = self.rng.random()
        if kind < 0.18:
            return self.first()
        if kind < 0.22:
            return self.last()
        if kind < 0.70:
            return f"{self.first()} {self.last()}"
        if kind < 0.76:
            return f"{self.first()} {self.rng.choice(string.ascii_uppercase)}{self.rng.choice(['', '.'])} {self.last()}"
        if kind < 0.77:
            return f"{self.rng.choice(['Mr . ', 'Kid ', 'Lil ', 'Big ', 'Lady ', 'DJ ', 'King ', 'Uncle ', 'Aunt ', 'Coach ', 'Pastor ', 'Sir '])}{self.last()}"
        if kind < 0.80:
            return f"{self.rng.choice(string.ascii_uppercase)}{self.rng.choice(['', '.', '. '])} {self.last()}".replace(
                "  ", " "
            )
        if kind < 0.83:
            return f"{self.first()} {self.rng.choice(['de', 'van', 'von', 'del', 'da', 'bin', 'al', 'van der', 'de la', 'el', 'di'])} {self.last()}"
        if kind < 0.87:
            return f"{self.first()} {self.last()}-{self.last()}"
        if kind < 0.91:
            return f"{self.first()} {self.first()} {self.last()}"
        if kind < 0.93:
            return f"{self.last()} {self.first()}"
        if kind < 0.94:
            return f"{self.first()} {self.last()} {self.rng.choice(['Jr', 'Jr.', 'II', 'III', 'Sr', 'PhD', 'MD'])}"
        if kind < 0.975:
            return f"{self.rng.choice(self.lists.native)} {self.rng.choice(self.lists.native)}"
        if kind < 0.985:
            return f"{self.first()} {self.last()} {self.last()}"
        return self.invented()

    def invented(self) -> str:
        """A name that stands in no list, from the ends of two that do."""
        one, other = self.first(), self.last()
        return one[: self.rng.randint(2, 4)].capitalize() + other[-self.rng.randint(3, 5) :].casefold()

    def city(self) -> str:
        """A town, sometimes mistyped."""
        city = self.rng.choice(self.lists.cities if self.rng.random() < 0.5 else self.lists.towns)
        return self.mistyped(city) if self.rng.random() < 0.05 else city

    def mistyped(self, word: str) -> str:
        """One letter left out, doubled or wrong."""
        at = self.rng.randrange(len(word))
        return word[:at] + self.rng.choice(["", word[at] * 2, self.rng.choice(string.ascii_lowercase)]) + word[at + 1 :]

    def street(self) -> str:
        """A street's name, without a number."""
        rng = self.rng
        if rng.random() < 0.5:
            return rng.choice(streets())[1]
        stem = rng.choice(
            [self.last, self.first, lambda: rng.choice(STREET_WORDS), lambda: rng.choice(STREET_WORDS), self._ordinal]
        )()
        if rng.random() < 0.12:
            stem += " " + rng.choice(STREET_WORDS)
        parts = [
            rng.choice(DIRECTIONS) if rng.random() < 0.15 else "",
            stem,
            rng.choice(ENDINGS) if rng.random() < 0.95 else "",
            rng.choice(DIRECTIONS) if rng.random() < 0.06 else "",
        ]
        return " ".join(part for part in parts if part)

    def _ordinal(self) -> str:
        number = self.rng.randint(1, 130)
        return (
            f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, 'th') }"
        )

    def house(self) -> str:
        if self.rng.random() < 0.05:
            return f"{self.rng.choice(['no', 'No.', 'number', 'door no', '#'])} {self.rng.randint(1, 300)}"
        number = str(self.rng.randint(1, self.rng.choice([30, 300, 3000, 30000])))
        extra = self.rng.random()
        if extra < 0.08:
            number += self.rng.choice(
                ["a", "b", "B", " bis", "-" + str(self.rng.randint(1, 99)), "/" + str(self.rng.randint(1, 20))]
            )
        return number.zfill(self.rng.choice([1, 1, 1, 3]))

    def line(self) -> str:
        """House and street in one of the orders of the world."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.03:
            return f"the corner of {rng.choice([self.house, str])()} {self.street()} and {self.street()}".replace(
                "  ", " "
            )
        if kind < 0.09:
            return rng.choice(
                [
                    f"PO Box {rng.randint(1, 9999)}",
                    f"P.O. Box {rng.randint(1, 9999)}",
                    f"PSC {rng.randint(1, 9999):04}, Box {rng.randint(1, 9999)}",
                    f"Unit {rng.randint(1, 9999)} Box {rng.randint(1, 9999):04}",
                    f"USNS {self.last()}",
                    f"USS {self.last()}",
                ]
            )
        foreign = rng.random() < 0.45
        street = self._foreign() if foreign else self.street()
        if kind < 0.62 or not foreign:
            return f"{self.house()}{rng.choice([' ', ' ', ' ', ', '])}{street}"
        if kind < 0.68:
            return f"{rng.randint(100, 99999)} {self.house()} {street}"
        if kind < 0.9:
            return f"{street}{rng.choice([' ', ' ', ', ', ' no. ', ' nº '])}{self.house()}"
        return f"{self.house()} {street} {self.house()}"

    def _foreign(self) -> str:
        return self.rng.choice(streets())[1]

    def address(self) -> str:
        """A street line, and often the flat, town, state, postcode and country that follow."""
        rng, line = self.rng, self.line()
        if rng.random() < 0.35:
            return line
        join = rng.choice([", ", ", ", " ", " ", "\n", "\n ", ",", "\n, "])
        parts = [line]
        if rng.random() < 0.35:
            unit = f"{rng.choice(UNITS)} {rng.randint(1, 999)}{rng.choice(['', '', 'B'])}".replace("# ", "#")
            parts = [f"{line}{rng.choice([' ', ', '])}{unit}"]
            if rng.random() < 0.2:
                parts[0] += f" Apt. {rng.randint(1, 999):03}"
        town, state, code = self.city(), rng.choice(STATES), self.postcode()
        tail = [
            [rng.choice(DISTRICTS)], [town, state], [f"{code} {town}"], [f"{town} {code}"], [town, f"{state} {code}"], [f"{town}, {state} {code}"],
            [f"{town} {state} {code}"], [town, rng.choice(self.lists.countries), code], [town, state, f"{rng.choice(self.lists.countries)} {code}"],
            [code], [state, code], [town, code, rng.choice(self.lists.countries)],
        ]  # fmt: skip
        return join.join(parts + rng.choice(tail))

    def postcode(self) -> str:
        rng = self.rng
        pattern = rng.choice(
            [
                "#####",
                "#####",
                "#####",
                "#####-####",
                "####",
                "####",
                "######",
                "@#@ #@#",
                "@@# #@@",
                "@## #@@",
                "@@## #@@",
                "### ##",
                "#### @@",
                "#########",
            ]
        )
        return self._filled(pattern)

    def _filled(self, pattern: str) -> str:
        return re.sub(
            "[#@]", lambda sign: self.rng.choice(string.digits if sign[0] == "#" else string.ascii_uppercase), pattern
        )

    def code(self) -> str:
        """A booking code, ticket or order number."""
        rng = self.rng
        pattern = rng.choice(
            [
                "@@@ ###",
                "@@####",
                "@@ ####",
                "@#@#@#",
                "@ ## @ ##",
                "@@ ## @ #",
                "# @@ # @ #",
                "@@@@@@",
                "@@@###",
                "###@@@",
                "@@ ## @@@",
                "@ ### @ #",
                "@##@##",
                "@@#@ #",
                "#### @@",
                "## @@ ##",
                "@@@-#####",
                "@@-####-@@",
                "########",
                "#######",
                "##########",
                "@#######",
                "@@@@##",
                "@@@# #",
                "@ # @ # @ #",
                "###-#######",
                "@@#####@@",
                "@#@@ #",
                "@@ # @@ #",
            ]
        )
        return self._filled(pattern)

    def shaped(self, shape: str) -> str:
        """`shape` with its digits and letters drawn anew: 9 → digit, a → small letter, A → capital; others stay."""
        kinds = {"9": string.digits, "a": string.ascii_lowercase, "A": string.ascii_uppercase}
        return "".join(self.rng.choice(kinds[sign]) if sign in kinds else sign for sign in shape)

    def letters(self, count: int) -> str:
        return "".join(self.rng.choice(string.ascii_uppercase) for _ in range(count))

    def email(self) -> str:
        """An address, plain or as people type and say it."""
        kind = self.rng.random()
        if kind < 0.45:
            return self.mail()
        if kind < 0.55:
            return self.mail().replace("@", " @ ")
        if kind < 0.65:
            return self.mail().replace(".", " dot ").replace("_", " underscore ").replace("@", " at ")
        return self.spoken()

    def mail(self) -> str:
        """A plain address."""
        rng = self.rng
        one, other = self._bare(self.first()), self._bare(self.last())
        local = rng.choice(
            [
                f"{one}.{other}",
                f"{one}{other}",
                f"{one}_{other}",
                f"{one}{rng.randint(1, 999)}",
                f"{one[:1]}{other}",
                other,
                f"{one}.{other}{rng.randint(1, 99)}",
            ]
        )
        return f"{local}@{rng.choice(PROVIDERS)}.{rng.choice(ENDS)}"

    def spoken(self) -> str:
        """An address that lost its signs: "ana 54 gmailcom"."""
        rng, (local, _, domain) = self.rng, self.mail().partition("@")
        local = re.sub(r"[._]", rng.choice(["", " "]), local)
        local = re.sub(r"(?<=[a-z])(?=\d)", rng.choice(["", " "]), local)
        host, _, end = domain.partition(".")
        end = end.replace(".", "")
        return rng.choice(
            [
                f"{local}{host}{end}",
                f"{local}{host}{end}",
                f"{local}{host}{end}",
                f"{local} {host}{end}",
                f"{local}{host} {end}",
                f"{local} {host} {end}",
                f"{local} {host}.{end}",
                local + host,
                f"{local}at{host}{end}",
            ]
        )

    def long_name(self) -> str:
        """Three words or more."""
        while len((name := self.person()).split()) < 3:
            pass
        return name

    @staticmethod
    def _bare(name: str) -> str:
        return re.sub(r"[^a-z]", "", name.casefold()) or "ana"

    def user(self) -> str:
        rng = self.rng
        one, other = self._bare(self.first()), self._bare(self.last())
        return rng.choice(
            [
                f"{one}{rng.randint(1, 9999)}",
                f"{one}_{other}",
                f"{one}{other}",
                f"{one}.{other[:3]}",
                f"x{one}x",
                f"the{one}",
                f"{one}{rng.choice(self._everyday)}",
                f"{rng.choice(self._everyday)}{rng.randint(1, 99)}",
                f"{one} {rng.randint(1, 999)}",
            ]
        )

    def phone(self) -> str:
        return self._filled(
            self.rng.choice(
                [
                    "##########",
                    "##########",
                    "###########",
                    "###-###-####",
                    "(###) ###-####",
                    "### ### ####",
                    "+## ### ######",
                    "+1 ###-###-####",
                    "+44 20 #### ####",
                    "########",
                    "### ####",
                    "###-####",
                    "0### #######",
                    "(###)###-####x####",
                    "1####-#### x ####",
                    "+## (0)## ########",
                    "## ## ## ## ##",
                    "00## ### ### ###",
                    "### #######",
                    "1##########x ####",
                ]
            )
        )

    def date(self) -> str:
        rng, day = self.rng, self.rng.randint(1, 31)
        return rng.choice([
            f"{rng.choice(MONTHS)} {day}", f"{day} {rng.choice(MONTHS)}", f"the {day}th", f"{rng.choice(DAYS)}", f"next {rng.choice(DAYS)}",
            f"{day}/{rng.randint(1, 12)}/{rng.randint(1950, 2030)}", f"{rng.randint(2020, 2030)}-{rng.randint(1, 12):02}-{day:02}", f"the {day}th of {rng.choice(MONTHS)}",
            f"{rng.choice(MONTHS)} {day}th", f"{rng.choice(MONTHS)} {day}, {rng.randint(1950, 2030)}", f"{rng.choice(DAYS)} {day}th {rng.choice(MONTHS)}", f"{day} {rng.randint(1, 12)} {rng.randint(2018, 2030)}",
            f"{rng.choice(MONTHS)} {rng.randint(1950, 2030)}", f"in {rng.randint(1950, 2030)}",
        ])  # fmt: skip

    def time(self) -> str:
        rng = self.rng
        hour, minute = rng.randint(1, 12), rng.choice([0, 15, 30, 45, rng.randint(0, 59)])
        return rng.choice(
            [
                f"{hour} pm",
                f"{hour}:{minute:02} am",
                f"{hour}:{minute:02}",
                f"{hour}{minute:02} pm",
                f"{hour} o'clock",
                "noon",
                f"{hour}.{minute:02}",
            ]
        )

    def price(self) -> str:
        rng = self.rng
        amount = rng.choice(
            [
                str(rng.randint(1, 5000)),
                f"{rng.randint(1, 9)},{rng.randint(0, 999):03}",
                f"{rng.randint(1, 99)}.{rng.randint(0, 99):02}",
            ]
        )
        return rng.choice(
            [
                f"${amount}",
                f"{amount} dollars",
                f"€{amount}",
                f"{amount} euros",
                f"£{amount}",
                f"{amount} bucks",
                f"rs {amount}",
                f"{amount}$",
                f"USD {amount}",
            ]
        )

    def number(self) -> str:
        return self.rng.choice(
            [
                str(self.rng.randint(1, 12)),
                str(self.rng.randint(1, 99)),
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "ten",
            ]
        )

    def error(self) -> str:
        rng = self.rng
        return rng.choice(
            [
                f"E{rng.randint(100, 9999)}",
                f"0x{rng.randint(0, 2**32):08X}",
                f"HTTP {rng.choice([400, 401, 403, 404, 409, 422, 429, 500, 502, 503])}",
                str(rng.choice([400, 401, 403, 404, 429, 500])),
                f"ERR_{rng.choice(['TIMEOUT', 'AUTH', 'CONNECTION_RESET', 'NO_FARE'])}",
                f"{self.letters(3)}-{rng.randint(1, 999)}",
                "invalid_grant",
                "quota_exceeded",
            ]
        )

    def version(self) -> str:
        return f"{self.rng.choice(['', 'v'])}{self.rng.randint(0, 20)}.{self.rng.randint(0, 20)}{self.rng.choice(['', '.1', '.12', '-beta'])}"

    def flight(self) -> str:
        return f"{self.letters(2)}{self.rng.choice(['', ' '])}{self.rng.randint(10, 9999)}"

    def organisation(self) -> str:
        rng = self.rng
        words = " ".join(rng.choice(self._common).capitalize() for _ in range(rng.randint(1, 2)))
        return f"{words} {rng.choice(FILLERS)}" if rng.random() < 0.7 else words

    def chat(self) -> str:
        """A word of chats or of the trade, stretched or mistyped now and then."""
        word = self.rng.choice(CHATTER)
        kind = self.rng.random()
        return word + word[-1] * self.rng.randint(1, 4) if kind < 0.1 else self.mistyped(word) if kind < 0.32 else word

    def word(self) -> str:
        pool = self._everyday if self.rng.random() < 0.7 else self._common
        word = self.rng.choice(pool)
        kind = self.rng.random()
        return word.capitalize() if kind < 0.15 else self.mistyped(word) if kind < 0.22 else word


@cache
def streets() -> list[tuple[str, str]]:
    """(locale, street name) from Faker, sorted by nothing but the seed."""
    found: list[tuple[str, str]] = []
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(7)
        found += [(locale, fake.street_name()) for _ in range(STREETS_EACH)]
    return found
