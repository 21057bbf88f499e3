"""What follows a street line and belongs to it: unit, city, state, postcode, country. Not the next clause."""

import re

from tactful.privacy.recognizers.streets import CAPITAL, DIRECTION

_FLAGS = re.IGNORECASE
_GAP = r"(?:[ >?]{0,4}[,;.]?\n[ \n>?]{0,8}(?:, ?)?|, {0,2}| {1,3})"  # a line of a quoted letter begins with a sign
_BREAK = r"(?:[ >?]{0,4}[,;]?\n[ \n>?]{0,8}(?:, ?)?|, {0,2}| [-–] )"

_UNIT = re.compile(
    rf"{_GAP}(?:(?:apt|apartment|unit|suite|ste|room|rm|bldg|building|flat|floor|fl|box|lot|space|spc|stop|house|door|piso|puerta|etage|étage|appt|apto|int|interno|scala|wohnung|whg|top|bus)\b\.? ?#? ?"
    r"(?:(?=[\w-]{0,7}\d)[\w-]{1,8}|[a-z](?!\w))|# ?[\w-]{1,8}|\d{1,3}(?:st|nd|rd|th|º|ª|°)? (?:floor|fl|étage|etage|piso)\b|\d{1,2} ?[ºª°] ?[A-Z]?\b)(?!\w)",
    _FLAGS,
)
_PROPER = rf"{CAPITAL}(?:\w{{0,2}}\.|[\w'’-]{{0,30}}(?![\w'’-]))"
_NAME = rf"{_PROPER}(?: (?:{_PROPER}|(?:de|del|di|da|do|la|le|les|las|los|el|upon|on|of|der|am|an|im|bei|sur|en|nad|u|v|w|y|e)(?= ))){{0,5}}(?: \([^\W\d_ ]{{1,20}}(?: [^\W\d_]{{1,20}})?\))?"
_ZIP = r"(?:\d{5}[- ]\d{3,4}|\d{5,9}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?(?-i:[A-Z]{2})|\d{4}-\d{3}|\d{3} \d{2}|\d{2}-\d{3}|(?-i:[A-Z]{1,2}-)?\d{4,6})(?![\w-])"
LONG_STATES = (
    r"(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri"
    r"|montana|nebraska|nevada|new (?:hampshire|jersey|mexico|york)|north (?:carolina|dakota)|ohio|oklahoma|oregon|pennsylvania|rhode island|south (?:carolina|dakota)|tennessee|texas|utah|vermont|virginia|west virginia"
    r"|washington|wisconsin|wyoming|ontario|quebec|alberta|usa|uk)"
)
STATES = rf"(?:a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[ait]|w[aivy]|{LONG_STATES})"
# Words in lower case that are states only before a postcode.
_NO_STATE = r"(?!(?-i:in|or|me|ok|hi|oh|de|la|al|id|co|pa|ma)(?!,? \d{4})(?!\w))"
# Words in lower case that follow an address and are no city.
_NO_CITY = (
    r"(?!(?:is|are|was|has|have|costs?|with|for|at|and|from|to|in|on|by|or|but|phone|ph|contact|my|mobile|number|tel|call|please|thanks?|today|tomorrow|now|tonight|sir|madam|yes|okay|apartments?|hotels?|which|that|where|near"
    r"|this|there|here|area|instead|again|right|correct|the|it|of|as|only|around|about|over|under|address|email)(?!\w))"
)
# Words with a capital that begin the next clause.
_NEXT = r"(?!(?:I|My|Phone|Please|Thanks|Thank|And|The|E-?mail|Tel|Mobile|Contact|Call|Can|It|Is|We|Our|Your|You|This|That|Fax|Office|TakeOver|Cell|They|He|She|What|When|How|St)\b)"
_ENDS = r"(?=[,.;!?\n]|$| [-–]|[ ,]{1,3}(?:\d|nan\b)| (?:for|last|in|after|and|is|was|with|before|on|at|please|by|tomorrow|today|to|near|from|but|it|which|that|where|has|because)\b)"
_STEPS = (
    _UNIT,
    # 10115 Berlin
    re.compile(
        rf"{_GAP}(?:(?-i:[A-Z]{{1,2}}-)?\d{{4,6}}(?:-\d{{3}})?|\d{{3}} \d{{2}}|\d{{4}} (?-i:[A-Z]{{2}})) {_NEXT}{_NAME}(?=[ ,.;!?\n]|$)",
        _FLAGS,
    ),
    # IL 62704; ON 82269; 32, 60810
    re.compile(
        rf"{_GAP}(?:(?:{STATES}|[^\W_]{{1,3}}){_GAP})?{_ZIP}(?! ?(?:€|euros?|dollars?|usd|people|am|pm)\b)", _FLAGS
    ),
    # a city, state or country after a comma or on a line of its own
    re.compile(rf"{_BREAK}{_NEXT}{_NAME}{_ENDS}", _FLAGS),
    # Springfield IL 62704; delmas, mp 35739
    re.compile(rf" {_NEXT}{_NAME}(?:,? (?-i:[A-Z]{{2,3}})|,? {STATES})?,? {_ZIP}", _FLAGS),
    re.compile(rf"{_BREAK}(?:[^\W\d_][\w'’.-]{{1,20}},? ){{1,4}}{_ZIP}", _FLAGS),
    # boston ma 2110
    re.compile(
        rf"{_GAP}(?:[^\W\d_][\w'’.-]{{1,20}} ){{0,3}}?{_NO_STATE}{STATES}(?:,? (?:[^\W\d_]{{2,20}} ){{0,3}}{_ZIP})?(?=[ ,.;!?\n]|$)(?! (?:is|are|was|for|and it)\b)",
        _FLAGS,
    ),
    # in lower case: boston 14526; sacramento, phone …
    re.compile(rf" (?:{_NO_CITY}[^\W\d_][\w'’-]{{1,20}} ){{1,2}}\d{{5}}(?!\d)", _FLAGS),
    re.compile(rf" {_NO_CITY}[^\W\d_][\w'’-]{{3,20}}(?=[.!]?$| \d{{9}}| (?:phone|ph|contact|mobile|tel)\b)", _FLAGS),
    # brooklyn, at the end
    re.compile(
        rf"{_BREAK}[^\W\d_][\w'’.-]{{1,20}}(?: [^\W\d_][\w'’.-]{{1,20}}){{0,2}}(?=[.;!?\n]?$|\n|, {STATES}\b)", _FLAGS
    ),
    re.compile(rf" {DIRECTION}(?!\w)", _FLAGS),
    # in the penthouse, on the 3rd floor
    re.compile(
        r",? (?:in|at|on) (?:the )?(?:penthouse|basement|attic|lobby|gate house|guest house|(?:ground|top|first|second|third|fourth|fifth|\d{1,2}(?:st|nd|rd|th)) floor)\b",
        _FLAGS,
    ),
    re.compile(rf"{_GAP}(?:nan|(?-i:[A-Z]{{2,3}}))(?=[ \n]{{0,5}}(?:\d|{CAPITAL}|$|[.,;?!\n]))(?!\w)", _FLAGS),
    # a second name, when a unit follows it
    re.compile(rf" {_NAME}(?={_UNIT.pattern})", _FLAGS),
)
_AFTER_UNIT = re.compile(rf" {_NEXT}{_NAME}(?:,? (?:nan|{STATES}))?(?=[ ,.;!?\n]|$)", _FLAGS)
_ENDS_IN_UNIT = re.compile(r"\b(?:apt|suite|ste|apartment|flat)\b\.? ?#?\d{1,5}\Z", _FLAGS)
# A district narrows an address down; a city alone stays readable, as it does elsewhere.
DISTRICTS = frozenset(
    (
        "brooklyn|queens|bronx|the bronx|manhattan|staten island|harlem|williamsburg|bushwick|greenpoint|astoria|"
        "flushing|maspeth|woodside|sunnyside|forest hills|jackson heights|long island city|park slope|dumbo|soho|"
        "tribeca|chelsea|midtown|hollywood|north hollywood|west hollywood|van nuys|sherman oaks|brentwood|westwood|"
        "downtown|mission district|soma|nob hill|noe valley|back bay|beacon hill|capitol hill|ballard|belltown|"
        "lincoln park|wicker park|hyde park|georgetown|dupont circle|kensington|mayfair|camden|hackney|islington|"
        "shoreditch|notting hill|brixton|wimbledon|hammersmith|fulham|kreuzberg|neukölln|charlottenburg|"
        "prenzlauer berg|mitte|schwabing|altona|montmartre|le marais|gràcia|eixample|raval|trastevere|brera|jordaan|"
        "de pijp|belém|alfama|chiado|bandra|andheri|powai|koramangala|indiranagar|whitefield|adyar|brickfields|bondi|"
        "surry hills|newtown|st kilda|chippendale"
    ).split("|")
)
_CITY_ALONE = re.compile(rf", {{0,2}}(?!{STATES}\b)[^\d,\n]{{1,40}}\Z", _FLAGS)
LONGEST = 12  # parts; a postal address has fewer


def end_of_address(text: str, end: int) -> int:
    """Where the address ends whose street line ends at `end`."""
    if _ENDS_IN_UNIT.search(text, max(0, end - 16), end) and (city := _AFTER_UNIT.match(text, end)):
        end = city.end()
    for _ in range(LONGEST):
        further = max((found.end() for step in _STEPS if (found := step.match(text, end))), default=end)
        if further == end:
            break
        unit = _UNIT.match(text, end)
        end = further
        if unit and unit.end() == end and (city := _AFTER_UNIT.match(text, end)):
            end = city.end()
    return end


def without_city_alone(text: str, start: int, end: int) -> int:
    """Where an address ends, its city left out when neither state nor postcode nor country stand with it."""
    comma = text.rfind(",", start, end)
    if comma < 0 or text.find(",", start, comma) >= 0 or not any(c.isdigit() for c in text[start:comma]):
        return end
    alone = _CITY_ALONE.match(text, comma, end) and text[comma + 1 : end].strip().casefold() not in DISTRICTS
    return comma if alone else end
