"""Message text to safe HTML. Values are put in afterwards, escaped, where a placeholder stood in the text."""

import html as escaping
import re
from collections.abc import Mapping

import nh3
from markdown_it import MarkdownIt

from tactful.privacy.placeholders import PLACEHOLDER, restore

# "js-default" refuses raw HTML; nh3 is the second wall.
_markdown = MarkdownIt("js-default", {"breaks": True}).disable("image")
_OPEN, _CLOSE = "\ue000", "\ue001"  # for private use: no text of ours has them
_MARKS, _MARKED = re.compile(f"[{_OPEN}{_CLOSE}]"), "%EE%80%80"
_TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "hr"}


def bot_html(text: str) -> str:
    """HTML of what the bot or an agent wrote (Markdown). Links open apart and send no referrer."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS | {"table", "thead", "tbody", "tr", "th", "td"},
        attributes={"a": {"href"}, "code": {"class"}, "ol": {"start"}},
        attribute_filter=_kept,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    ).strip()


def bot_html_with(text: str, values: Mapping[str, str]) -> str:
    """The same, with `values` (placeholder → value) put in, escaped.

    Only where the text itself has a placeholder: Markdown makes one of `PERSON\\_1` too. Never into an address.
    """
    found: list[str] = []

    def mark(placeholder: "re.Match[str]") -> str:
        found.append(placeholder[0])
        return f"{_OPEN}{len(found) - 1}{_CLOSE}"

    escaped = {name: escaping.escape(value) for name, value in values.items()}
    html = bot_html(PLACEHOLDER.sub(mark, _MARKS.sub("", text)))
    return re.sub(f"{_OPEN}(\\d+){_CLOSE}", lambda at: restore(found[int(at[1])], escaped), html)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """No address of which a placeholder is a part: what it leads to would be for the customer to choose."""
    return None if attribute == "href" and (_MARKED in value or PLACEHOLDER.search(value)) else value


def customer_html(text: str) -> str:
    """HTML of what a customer typed: their text as it is, nothing interpreted."""
    return "<p>" + escaping.escape(text).replace("\n", "<br>") + "</p>"
