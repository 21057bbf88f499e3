"""Words that people use for the values of their profile."""

import re
from collections.abc import Mapping

Lexicon = Mapping[str, re.Pattern[str]]


def _lexicon(table: Mapping[str, str]) -> Lexicon:
    return {value: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for value, words in table.items()}


DEVELOPERS = (
    r"dev|devs|develloper|developers?|programmers?|coders?|(?:software |backend |frontend |data )?engineer|devops|cto|"
    r"tech lead"
)

LEVEL = _lexicon(
    {
        "new": rf"new|beginner|newbie|noob|first time|just (?:subscribed|joined|signed up)|travell?er|"
        rf"not (?:a |an )?(?:{DEVELOPERS})|no (?:{DEVELOPERS})|not (?:very )?technical|not into tech",
        "developer": rf"{DEVELOPERS}|i (?:write )?code|api user|your api|the (?:developer )?api|integrat\w+",
    }
)

PACE = _lexicon(
    {
        "relaxed": r"relax(?:ed|ing)?|slow(?:ly)?|calm|easy|easygoing|lazy|no rush|unhurried|chill(?:ed)?|gentle|"
        r"not too (?:rushed|packed)",
        "balanced": r"balanced?|a bit of both|bit of both|mix(?:ed)?|in between|medium|moderate|normal|both",
        "packed": r"packed|busy|full|fast|intense|active|as much as possible|everything|action",
    }
)

COMPANIONS = _lexicon(
    {
        "solo": r"solo|alone|(?:just|only) me|by myself|on my own|myself|single",
        "couple": r"couple|wife|husband|girlfriend|boyfriend|partner|spouse|fianc\w+|honeymoon|two of us",
        "family": r"famil\w+|kids?|child(?:ren)?|sons?|daughters?|baby|toddler|parents?|mum|mom|dad|grand\w+",
        "friends": r"friends?|mates?|buddies|group|colleagues|the (?:boys|girls)",
    }
)

MONTHS = {
    "January": r"january|jan",
    "February": r"february|feb|febuary",
    "March": r"march|mar",
    "April": r"april|apr",
    "May": r"(?:in|of|early|late|mid|around|usually|and|or) may|^may|may$",
    "June": r"june|jun",
    "July": r"july|jul",
    "August": r"august|aug",
    "September": r"september|sept|sep",
    "October": r"october|oct",
    "November": r"november|nov",
    "December": r"december|dec|christmas|xmas",
}
SEASON = _lexicon(
    {
        **MONTHS,
        "spring": r"spring|easter",
        "summer": r"summer\w*|school holidays",
        "autumn": r"autumn|fall",
        "winter": r"winter\w*",
        "any": r"any ?time|whenever|flexible|all year|any (?:season|month)|(?:doesn'?t|no) matter|don'?t mind|always",
    }
)

INTERESTS = _lexicon(
    {
        "hiking": r"hik\w+|walks?|walking|trek\w*|mountains?|climbing|trails?|outdoors?",
        "beach": r"beach\w*|sea|swim\w*|sun|sunbath\w+|seaside|coast",
        "food": r"food\w*|eating|restaurants?|cuisine|gastronomy|wine|cooking",
        "museums": r"museums?|art|arts|galler\w+|culture|exhibitions?",
        "nightlife": r"night ?life|party|parties|partying|clubs?|clubbing|bars?",
        "history": r"histor\w+|ruins?|castles?|old towns?|ancient",
        "nature": r"nature|natural|forests?|lakes?|national parks?|landscapes?|quiet",
        "skiing": r"ski|skis|skiing|snow|snowboard\w*",
        "diving": r"div(?:e|ing)|scuba|snorkel\w*",
        "cycling": r"cycl\w+|bik\w+|bicycle|mountain bik\w+",
        "architecture": r"architect\w*|buildings?",
        "music": r"music|concerts?|festivals?|opera|jazz",
        "wildlife": r"wildlife|animals?|safari|birds?|birdwatching|whales?",
        "wellness": r"wellness|spas?|yoga|massages?|thermal|sauna",
        "shopping": r"shop(?:s|ping)?|markets?|fashion",
        "photography": r"photo\w*|pictures",
        "road-trips": r"road ?trips?|driving|van|camper\w*",
        "sailing": r"sail\w*|boats?|yacht\w*",
        "surfing": r"surf\w*|waves|kite\w*",
        "family-parks": r"theme parks?|amusement\w*|family parks?|zoos?|disney\w*",
    }
)

DIET = _lexicon(
    {
        "vegetarian": r"vegetarian|veggie|no meat",
        "vegan": r"vegan|plant.based",
        "pescatarian": r"pescatarian",
        "halal": r"halal",
        "kosher": r"kosher",
        "gluten-free": r"gluten\w*(?:.free)?|co?eliac",
        "lactose-free": r"lactose\w*(?:.free| intolerant)?|dairy\w*(?:.free)?",
        "nut allergy": r"(?:pea)?nuts?(?: allergy)?|allergic to (?:pea)?nuts?",
        "shellfish allergy": r"shellfish|seafood allergy",
        "diabetic": r"diabet\w+",
    }
)

CANNOT = r"(?:can'?t|cannot|can not|don'?t|unable to)"
ACCESSIBILITY = _lexicon(
    {
        "wheelchair": r"wheelchair\w*",
        "step-free": rf"step.free|(?:no|without(?: any)?) (?:stairs|steps)|(?:stairs|steps) are|lift|elevator|"
        rf"{CANNOT} (?:climb|do|manage|use|take) (?:the |any )?(?:stairs|steps)|(?:help|trouble) with (?:the )?stairs",
        "short walks": rf"(?:{CANNOT}|hard to|difficult to|trouble) walk(?:ing)?(?: far| much| long| well)?|"
        r"(?:only )?(?:walk )?short (?:walks|distances)|bad (?:knees?|back|hip)|(?:walk )?with a (?:walking )?stick|"
        r"walking (?:stick|frame)|crutches|mobility",
        "hearing": rf"hard of hearing|deaf\w*|hearing (?:aids?|loss|impair\w+|problems?|is (?:bad|poor))|bad hearing|"
        rf"{CANNOT} hear (?:very )?(?:well|much)|^hearing$",
        "sight": rf"(?:visually|sight) impaired|blind|low vision|(?:poor|bad|low|weak) (?:eye)?sight|^sight$|"
        rf"(?:eye)?sight (?:loss|problems?|is (?:bad|poor))|{CANNOT} see (?:very )?well",
    }
)

# Euros for words; said back to the customer, who can correct them.
BUDGET = _lexicon(
    {
        "500": r"cheap\w*|low(?: budget)?|tight|small|not much",
        "1200": r"mid(?:dle|.range)?|medium|average|normal|something in the middle",
        "3000": r"luxur\w+|fancy|high.end|no limit|no problem|unlimited|5 star|five star",
    }
)

NOTHING = re.compile(r"\b(?:none|nothing|no|nope|not really|no special|neither|n/?a)\b", re.IGNORECASE)


def found(lexicon: Lexicon, text: str) -> list[str]:
    """Every value whose words stand in the text, in the order of the text."""
    hits = [(match.start(), value) for value, words in lexicon.items() if (match := words.search(text))]
    return [value for _, value in sorted(hits)]


def without(lexicon: Lexicon, text: str) -> str:
    """The text less the words of a lexicon."""
    for words in lexicon.values():
        text = words.sub(" ", text)
    return text
