"""How streets are called, in the languages whose addresses we read: parts of patterns."""

CAPITAL = r"(?-i:[^\W\d_a-zß-öø-ÿ])"
WORD = r"[^\W\d_](?:\w{0,2}\.|[\w'’-]{0,30})"
NUMBER = r"\d{1,5}(?:[-/]\d{1,4})?(?: ?[a-z](?!\w))?"

# English: the kind follows the name.
KIND = (
    r"(?:street|str|st|avenue|ave|av|road|rd|boulevard|blvd|bulevard|lane|ln|drive|dr|way|court|ct|place|pl|plaza|square|squares|sq|terrace|ter"
    r"|crescent|cres|circle|cir|highway|hwy|parkway|pkwy|expressway|freeway|alley|trail|trl|row|loop|close(?! (?:to|by|together))|gardens?|grove|mews|walk|hill|broadway"
    r"|esplanade|quay|wharf|pike|turnpike|route|common|commons|parade|rise|vista|path|ridge|crossing|landing|commons|mall|run|point|pass|bend"
    r"|heights|park|alameda|nagar|marg|chowk|embarcadero|estate|bypass|canal|causeway|center|centre|stravenue|manor|hollow|creek|green)"
)
# German, Dutch, Nordic, Hungarian, Slavic: the kind ends the name, the number follows.
ENDING = (
    r"(?:straße|strasse|str|weg|platz|allee|gasse|damm|ufer|steig|brücke|straat|laan|gracht|plein|dreef|hof|kade|gade|vej|gata|gatan|gaten|vägen|veien|vegen|katu"
    r"|tie|kuja|polku|tänav|kallio|braut|vangur|stræti|straeti|vænget|parken|bakken|torget|stien)"
)
# Words of their own that come before the number in those languages.
AFTER = r"(?:utca|u|út|útja|tér|körút|krt|rkp|ulica|ul|nám|tee|põik|strada|strasse|straße|str|weg|platz|allee)"
# French, Spanish, Italian, Portuguese, Polish, Greek: the kind begins.
PARTICLE = r"(?:de|du|des|del|della|delle|dei|di|da|do|dos|das|la|le|les|las|los|el|y|e|al|l['’]|d['’])"
_PROPER = rf"{CAPITAL}[\w'’.-]{{0,30}}"
_ANY = r"(?:rue|boulevard|impasse|chemin|allée|calle|avenida|avda|avda\.|travesía|rúa|carrer|passeig|viale|piazza|piazzetta|piazzale|vicolo|rua|travessa|praça|rodovia|ul\.|ulica|jalan|jl\.|λεωφόρος|πλατεία|οδός)"
_WITH_CAPITAL = r"(?:r\.|avenue|av\.|bd|bd\.|allee|quai|cours|c/|c\.|paseo|plaza|carrera|camino|ronda|via|v\.le|corso|largo|strada|alameda|estrada|al\.|os\.)"
_OF = rf"(?:(?<=[./]) ?| )(?:{PARTICLE} ?){{0,3}}"
# A house number stands before these, as in France; elsewhere it stands behind the name.
FRENCH = rf"(?:(?:rue|boulevard|impasse|chemin|allée){_OF}{WORD}|(?:bd\.?|quai|cours|avenue|av\.|r\.){_OF}{_PROPER})"
FIRST = rf"(?:{_ANY}{_OF}{WORD}|{_WITH_CAPITAL}{_OF}{_PROPER})"
DIRECTION = r"(?:north(?:east|west)?|south(?:east|west)?|east|west|n|s|e|w|ne|nw|se|sw)\.?"
# "5 minute drive", "3 other ways": a number of things, not of a house.
THINGS = (
    r"(?!(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|miles?|kms?|people|adults?|stars?|stops?|more|other|or|and|of|to|percent|tickets?|dollars?|euros?|am|pm|in"
    r"|hotels?|restaurants?|each|per|apartments?|results?|places?|beaches|museums?|users?|items?|pizzas?|flights?|trips?|cities|countries|stores?|cars?|best|nice|great|free|seats?|rooms?|beds?|bedrooms?|baths?|bedroom|persons?|bags?|times?|more|years?|at|for|is|on|with|a|an|by|then|until|from|blocks?|way|different|x|gb|mb|options|requests?|guests?|th of|nd of|rd of|st of)\b)"
)


def _words(alternatives: str) -> tuple[str, ...]:
    """The alternatives of a pattern without signs of their own, as words to look for."""
    return tuple(word.replace("\\", "").replace("?", "") for word in alternatives[3:-1].split("|"))


AFTERS = tuple(f" {word}" for word in _words(AFTER))
ENDINGS = tuple(f"{word}{end}" for word in ("straße", "strasse", *_words(ENDING)[1:]) for end in (" ", ". "))
FIRSTS = _words(_ANY) + _words(_WITH_CAPITAL)
