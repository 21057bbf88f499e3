"""Message text to safe HTML. Placeholders survive it: values are put in afterwards, escaped."""

import html as escaping

import nh3
from markdown_it import MarkdownIt

# "js-default" refuses raw HTML; nh3 is the second wall.
_markdown = MarkdownIt("js-default", {"breaks": True}).disable("image")
_TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "hr"}


def bot_html(text: str) -> str:
    """HTML of what the bot or an agent wrote (Markdown). Links open apart and send no referrer."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS | {"table", "thead", "tbody", "tr", "th", "td"},
        attributes={"a": {"href"}, "code": {"class"}, "ol": {"start"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    ).strip()


def customer_html(text: str) -> str:
    """HTML of what a customer typed: their text as it is, nothing interpreted."""
    return "<p>" + escaping.escape(text).replace("\n", "<br>") + "</p>"
