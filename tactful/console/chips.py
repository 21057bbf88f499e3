"""A redacted text as people read it: each placeholder a chip with its kind in words, all else escaped."""

import re
import unicodedata
from collections.abc import Mapping

from markupsafe import Markup, escape

from tactful.chat.rendering import bot_html
from tactful.privacy.placeholders import LABELS, PLACEHOLDER

# Marks that reorder what stands beside them (CVE-2021-42574); shown as what they are.
_TURNS = {
    ord(mark): f"[{unicodedata.name(mark).lower()}]"
    for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}

_TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')


def formatted(text: str, labels: Mapping[str, str] = LABELS) -> Markup:
    """What the bot or an agent wrote, with its Markdown as the customer sees it, and chips outside the tags."""
    html, parts, at = bot_html(text.translate(_TURNS)), [], 0
    for tag in _TAG.finditer(html):
        parts += [_chipped(html[at : tag.start()], labels), Markup(tag[0])]  # noqa: S704 -- nh3 let it through
        at = tag.end()
    return Markup("").join([*parts, _chipped(html[at:], labels)])


def _chipped(html: str, labels: Mapping[str, str]) -> Markup:
    """Placeholders of a text that is escaped already become chips."""
    shown = PLACEHOLDER.sub(lambda found: chip(found[0], labels) if found[1] in labels else found[0], html)
    return Markup(shown)  # noqa: S704 -- nh3 let it through


def chips(text: str, labels: Mapping[str, str] = LABELS) -> Markup:
    """The text as HTML; line breaks stay."""
    parts, at = [], 0
    for found in PLACEHOLDER.finditer(text):
        if found[1] not in labels:
            continue
        parts += [_plain(text[at : found.start()]), chip(found[0], labels)]
        at = found.end()
    return Markup("").join([*parts, _plain(text[at:])])


def chip(placeholder: str, labels: Mapping[str, str] = LABELS) -> Markup:
    """One placeholder: `name 1`, with its own spelling for whoever copies it."""
    kind, _, number = placeholder.rpartition("_")
    label = labels.get(kind, kind)
    return Markup('<span class="chip" data-placeholder="{}" title="{}">{} {}</span>').format(
        placeholder, placeholder, label, number
    )


def _plain(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.translate(_TURNS).split("\n"))
