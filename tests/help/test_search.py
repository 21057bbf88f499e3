"""The help articles, and whether people find the one they need."""

from collections import Counter

import pytest

from tactful.config import Settings
from tactful.help.search import Article, articles

FILES = sorted((Settings().project / "help").glob("*.md"))


def test_there_are_enough_articles_each_with_a_title_of_its_own() -> None:
    assert len(FILES) >= 45
    titles = Counter(Article.read(file).title for file in FILES)
    assert all(count == 1 for count in titles.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_article_is_short(file: object) -> None:
    article = Article.read(file)  # type: ignore[arg-type]
    assert article.title
    assert 30 <= len(article.body.split()) <= 220


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("i forgot my password", "reset-your-password"),
        ("locked out of my account", "locked-out"),
        ("the code does not arrive on my new phone", "sign-in-codes"),
        ("how to unsubscribe from the newsletter", "newsletters"),
        ("invite a colleague", "team-members"),
        ("delete my account", "close-your-account"),
        ("how much does it cost", "plans-and-prices"),
        ("is there a free trial", "free-trial"),
        ("pause my plan for two months", "pause-your-plan"),
        ("vat number on the invoice", "tax-number"),
        ("can i pay with paypal", "ways-to-pay"),
        ("my card was declined", "payment-declined"),
        ("refund still not on my bank account", "refund-not-arrived"),
        ("a charge i don't know", "unknown-charge"),
        ("make an api key", "create-an-api-key"),
        ("my key was leaked", "rotate-an-api-key"),
        ("403 insufficient_scope", "api-scopes"),
        ("401 unauthorized", "error-401-or-403"),
        ("verify webhook signature hmac", "verify-webhook-signatures"),
        ("webhooks stopped arriving", "webhooks-not-arriving"),
        ("same webhook delivered twice", "duplicate-webhooks"),
        ("429 too many requests", "rate-limits"),
        ("pip install", "install-the-sdk"),
        ("idempotency key", "idempotency"),
        ("next page of a list, cursor", "pagination"),
        ("test cards in the sandbox", "sandbox"),
        ("is the api down right now", "api-status"),
        ("hold the price", "hold-a-price"),
        ("change the date of my booking", "change-a-booking"),
        ("boarding pass", "check-in"),
        ("weight of my suitcase", "baggage"),
        ("suitcase lost", "lost-baggage"),
        ("missed my connection", "delays-and-cancellations"),
        ("do i need a visa", "visas-and-passports"),
        ("wheelchair at the airport", "special-assistance"),
        ("can my dog fly", "travel-with-pets"),
        ("who can read my chat", "who-reads-my-chat"),
        ("download my data", "see-or-export-your-data"),
        ("talk to a real person", "talk-to-a-person"),
        ("screen reader", "accessibility-of-this-chat"),
    ],
)
def test_a_question_finds_its_article_among_the_first_three(question: str, wanted: str) -> None:
    assert wanted in [article.id for article in articles().search(question, limit=3)]


def test_nonsense_finds_nothing() -> None:
    assert articles().search("qwertz uiopü", limit=3) == []
    assert articles().search("??? !!!", limit=3) == []


def test_search_syntax_in_a_question_is_only_words() -> None:
    assert articles().search('" OR * NEAR( refund ) AND title:x --', limit=3)
