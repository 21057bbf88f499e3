"""When the bot is not sure: two guesses, then the help articles, then a person."""

from tactful.assistant.onboarding import close_form
from tactful.assistant.titles import TITLES
from tactful.assistant.turn import FALLBACK, Outcome, Turn, button
from tactful.help.search import Article, articles

GUESSES = 2
LEAST = 0.05  # a guess below this is none
FOUND_AT_ONCE = 3
PERSON = button("Talk to a person", "/human_handoff")
NEITHER = button("Neither of these", "/none_of_these")
ASKED_BACK = "action_ask_back"
SEARCHED = "action_search_help"


def ask_back(turn: Turn) -> Outcome:
    """Ask back with the two best guesses; the second time in a row, search; the third, offer a person."""
    before = turn.actions(ago=1)
    if SEARCHED in before or _searched_in_vain(turn):
        return Outcome().say(
            "utter_still_not_understood", buttons=[PERSON, button("What can you do?", "/ask_capabilities")]
        )
    guesses = [name for name, confidence in turn.ranking if name in TITLES and confidence >= LEAST][:GUESSES]
    if ASKED_BACK in before or not guesses:
        return search_help(turn)
    choices = [*(button(TITLES[name], f"/{name}") for name in guesses), NEITHER]
    return Outcome().say("utter_ask_back", buttons=choices)


def search_help(turn: Turn) -> Outcome:
    """Articles for what the customer wrote last, and a person after them."""
    question = turn.said or next(turn.texts(), "")
    found = articles().search(question, limit=FOUND_AT_ONCE)
    if not found:
        return Outcome().say("utter_help_nothing", buttons=[PERSON]).set(offer="handover")
    choices = [*(button(article.title, _open(article)) for article in found), PERSON]
    return Outcome().say("utter_help_found", buttons=choices).set(help_shown=True)


def open_article(turn: Turn) -> Outcome:
    """One help article, in full."""
    article = articles().get(str(turn.entity("article") or ""))
    if article is None:
        return Outcome().say("utter_help_nothing", buttons=[PERSON])
    return Outcome().say(text=f"**{article.title}**\n\n{article.body}")


def handover(turn: Turn) -> Outcome:
    """Fetch a person."""
    reason = "complaint" if turn.intent == "complaint" else "fallback" if _gave_up(turn) else "asked"
    response = "utter_handover_complaint" if reason == "complaint" else "utter_handover"
    return close_form(Outcome().say(response).say(custom={"handover": {"reason": reason}}).set(offer=None))


def _gave_up(turn: Turn) -> bool:
    return bool(turn.actions(ago=1) & {ASKED_BACK, SEARCHED, "action_default_fallback"})


def _searched_in_vain(turn: Turn) -> bool:
    """Whether the last two messages were not understood either."""
    before = [events[0] for events in turn.turns[-3:-1]]
    return len(before) == 2 and all(
        (said.get("parse_data") or {}).get("intent", {}).get("name") == FALLBACK for said in before
    )


def _open(article: Article) -> str:
    return f'/open_article{{"article":"{article.id}"}}'
