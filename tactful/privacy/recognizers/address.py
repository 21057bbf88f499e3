"""Street addresses in the shapes of several countries, with the city and postcode that follow them."""

from tactful.privacy.recognizers.patterns import recognizer

_STREET = (
    r"(?:street|str\.?|st\.?|avenue|ave\.?|av\.?|road|rd\.?|boulevard|blvd\.?|lane|ln\.?|drive|dr\.?|way|court|ct\.?|place|pl\.?|plaza"
    r"|square|sq\.?|terrace|ter\.?|crescent|circle|cir\.?|highway|hwy\.?|parkway|pkwy\.?|expressway|freeway|alley|trail|trl|row|loop|close|gardens?|grove|mews|walk|hill|broadway|esplanade|quay|wharf|pike|turnpike|route|rte)"
)
_NUMBER = r"\d{1,5}(?:[-/]\d{1,4})?\s?[a-z]?"
# "5 minute drive", "3 other ways": a number of things, not of a house.
_THINGS = r"(?!(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|miles?|km|people|adults?|star|stops?|more|other|or|and|of|to|percent|tickets?|dollars?|euros?)\b)"
_WORD = r"[^\W\d_][\w'’.-]{0,25}"
_UNIT = r"(?:[,\s]{1,3}(?:apt|apartment|unit|suite|ste|floor|fl|room|rm|bldg|building|#)\.?\s?#?\s?[\w-]{1,8})?"
_TAIL = (
    # "…, 10115 Berlin"
    r"(?:[,\n]\s{0,2}\d{4,5}\s(?-i:[A-Z\u00c0-\u00de])[\w'’-]{1,30}(?:\s(?-i:[A-Z\u00c0-\u00de])[\w'’-]{1,30})?)?"
    # "…, Springfield, IL 62704", "…, London SW1A 2AA"
    r"(?:[,\n]\s{0,2}(?-i:[A-Z\u00c0-\u00de])[\w'’. -]{1,40}?(?=[,\n]|\s\d|\s(?-i:[A-Z]{2})\b|$|[.?!;]))?"
    r"(?:[,\s]{1,3}(?-i:[A-Z]{2,3})\b)?"
    r"(?:[,\s]{1,3}(?:\d{5}(?:-\d{4})?|\d{4}\s?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|\d{4,6}))?(?!\w)"
)

ADDRESS = recognizer(
    "street address",
    "STREET_ADDRESS",
    rf"(?<![\w.$€£#-]){_NUMBER}\s{_THINGS}(?:(?:north|south|east|west|n|s|e|w|ne|nw|se|sw)\.?\s)?(?:{_WORD}\s|\d{{1,3}}(?:st|nd|rd|th)\s){{1,4}}{_STREET}\b\.?(?:\s(?:north|south|east|west|n|s|e|w|ne|nw|se|sw)\b)?(?:\s\d{{1,4}}\b)?{_UNIT}{_TAIL}",
    rf"(?<![\w.$€£#-]){_NUMBER}\s(?:north|south|east|west)?\s?(?:{_STREET}|avenida|camino|el camino|via)\s(?:(?-i:[A-Z\u00c0-\u00de])[\w'’.-]{{0,25}}|\d{{1,4}}(?:st|nd|rd|th)?)(?:\s(?-i:[A-Z])[\w'’-]{{1,20}}){{0,2}}{_UNIT}{_TAIL}",
    # German, Dutch, Nordic: the street's kind ends the word, the number follows.
    rf"(?<!\w)(?-i:[A-ZÄÖÜ])[\wäöüß'’.-]{{1,30}}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer|ring|straat|laan|gracht|plein|kade|gade|vej|gatan|vägen)\s{_NUMBER}\b{_TAIL}",
    # French, Spanish, Italian, Portuguese: the kind begins.
    rf"(?<!\w)(?:\d{{1,4}}(?:\s?(?:bis|ter))?,?\s)?(?:rue|avenue|boulevard|impasse|chemin|all[ée]e|quai)\s(?:de\s|du\s|des\s|la\s|le\s|les\s|l['’]|d['’]){{0,3}}(?-i:[A-ZÀ-Þ])[\w'’-]{{1,25}}(?:\s(?-i:[A-ZÀ-Þ])[\w'’-]{{1,25}}){{0,3}}(?:,?\s\d{{1,4}}\b)?{_TAIL}",
    rf"(?<!\w)(?:calle|c/|avenida|avda\.?|paseo|plaza|carrera|via|viale|piazza|corso|rua|travessa|largo)\s(?:de\s|del\s|da\s|do\s|dos\s|das\s|della\s|la\s|las\s|los\s|el\s){{0,3}}(?-i:[A-ZÀ-Þ])[\w'’-]{{1,25}}(?:\s(?:de\s)?(?-i:[A-ZÀ-Þ])[\w'’-]{{1,25}}){{0,3}},?\s(?:n[.º°]?\s?)?\d{{1,4}}\b{_TAIL}",
    r"(?<!\w)p\.?\s?o\.?\s?box\s\d{1,7}(?!\w)",
    r"\b(?:address(?: is|:| -)|lives? at|residing at|deliver to|ship to) (?P<value>\d{1,5}\s(?:[\w'’.-]{1,20}[\s,]{1,2}){1,5}[\w'’.-]{1,20})",
    score=0.85,
)

ADDRESSES = [ADDRESS]
