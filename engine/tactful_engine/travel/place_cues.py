# ruff: noqa: E501
"""What stands before and after a name, and says whether it is a place."""

import re

SMALL = {"de", "la", "le", "les", "el", "los", "las", "do", "da", "dos", "das", "del", "di", "am", "an", "der", "of",
         "the", "sur", "upon", "on", "and", "al", "san", "st", "saint"}  # fmt: skip
# What comes before a place.
TO = re.compile(r"(?:\b(?:from|to|in|near|into|at|out of|via|around|inside|leave|leaving|departing|visit|visiting|reach|"
                r"between|towards?|for|of|and|or|home(?: airport)?(?: is)?|form|is|it's|based in|move(?:d)? to|airport)|^|[:,>]|->|→)"
                r"\W*(?:the\s+)?$", re.IGNORECASE)  # fmt: skip
STRONG = re.compile(
    r"\b(?:from|to|in|near|into|out of|via|inside|leave|leaving|departing|visit|visiting|between|towards?|flights? (?:for|on)|"
    r"weather (?:for|of)|forecast for|leaving \w+ for|(?:city|area|place) (?:is|of)|live in|based in|around)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
NOT_A_PLACE = re.compile(
    r"\b(?:talked|spoke|spoken|talking|speak|wrote|write|listen|listened|thanks|reply|replied|message|sorry|said|email|"
    r"call|called|belongs?|given|sent|send it|according|due) to\s+(?:the\s+)?$|\bmy name is\s+$|\bi am\s+$|\bi'm\s+$",
    re.IGNORECASE,
)
GOES_ON = re.compile(
    r"[^\S\n]+(?:hilton|street|st|road|rd|ave|avenue|times|card|from your|plan|account|mode|time|price|deal|line|"
    r"friend|team|staff|guy|lady|person|place|food|hotel|room|way|day|and easy|to meet)\b",
    re.IGNORECASE,
)
AIRPORT = re.compile(r"[^\S\n]+(?:international[^\S\n]+)?(?:airport|intl)\b", re.IGNORECASE)
QUALIFIER = re.compile(r"(?:,[^\S\n]*|[^\S\n]+)([^\W\d_][\w.]*(?: [^\W\d_]+){0,2})")
CODE = re.compile(r"(?<![\w/.-])[A-Z]{3}(?![\w/]|-\d)")
CODE_CUE = re.compile(
    r"\b(?:from|to|airport(?: is| code)?|via|out of|fly(?:ing)?|into|at|code|near|home(?: is)?)[:\s(]+$", re.IGNORECASE
)
# Capitals that mean something else more often than an airport.
ACRONYMS = set(
    "ADD AIM ALL AND ANY APR API APP APT ARE ASK ATM AUD AUG BAD BCC BTC BUG BUS BUT BUY CAD CAN CAR CEO CET CFO CHF CLI CNY "
    "COM CPU CSS CSV CTO CVV DAY DEC DID DKK DNS DOB EST ETA ETD EUR EXE FAQ FAX FBI FEB FOR FRI FTP FYI GBP GET GMT GOT GPS "
    "GUI GUY HAD HAS HER HEY HIM HIS HKD HOT HOW HRS HTM HUF IBM ICE IDE INR IOS IRA ISO ITS JAN JPG JPY JSON JUL JUN JWT KEY "
    "LET LOG LOL LOW MAC MAR MAY MAX MET MIN MON MOM MRS MXN NEW NFC NOK NOT NOV NOW NPM OCT OFF OLD OMG ONE OTP OUR OUT OWN "
    "PAY PDF PDT PIN PLN PLS PNG POS PST PUT RAM RAW RUN SAT SAW SDK SEE SEK SEP SET SGD SHE SIM SMS SQL SSH SSL SSO SUN TAX "
    "TBA TBC TBD TEL THB THE THX THU TIP TLS TOO TOP TRY TUE TWO UAE URI URL USA USB USD USE UTC VAT VIA VIP WAS WED WEB WHO "
    "WHY WIN WOW WTF XML YES YET YOU ZIP NPS SLA KYC IBAN BIC SEPA CVC PCI DSS CDN ORM MFA TFA LTE DIY FOC RIP BRB".split()
)
