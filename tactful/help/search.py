"""Search in the help articles: SQLite's FTS5 with BM25, in memory, titles weighing most."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from tactful.config import Settings

TITLE, BODY = 6.0, 1.0  # weight of a word in the title and in the text
STOP = frozenset(
    """
    a an and are as at be but by can could did do does for from had has have how i if in is it its me my not
    of on or our please so that the their them then there they this to was we what when where which who why
    will with would you your am im need want get got help know tell just some any about like
    """.split()
)
RANKED = "SELECT id, bm25(article, 0, ?, ?) AS score FROM article WHERE article MATCH ? ORDER BY score LIMIT ?"
WORD = re.compile(r"[^\W_]+")
BEST_SHARE = 0.35  # an article scoring less than this share of the best one is not worth showing


@dataclass(frozen=True, slots=True)
class Article:
    """A help article; `id` is its file's name, `body` Markdown without the title."""

    id: str
    title: str
    body: str

    @classmethod
    def read(cls, path: Path) -> "Article":
        text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).strip()
        first, _, rest = text.partition("\n")
        title = first.lstrip("# ").strip() if first.startswith("#") else path.stem.replace("-", " ").capitalize()
        return cls(path.stem, title, rest.strip() if first.startswith("#") else text)


class Articles:
    """A set of articles that can be searched, from any thread."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_id = {article.id: article for article in articles}
        self._lock = Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE article USING fts5(id UNINDEXED, title, body, tokenize='porter')")
        rows = [(article.id, article.title, article.body) for article in self._by_id.values()]
        self._index.executemany("INSERT INTO article VALUES (?, ?, ?)", rows)

    def get(self, article_id: str) -> Article | None:
        return self._by_id.get(article_id)

    def search(self, question: str, *, limit: int) -> list[Article]:
        """The best articles for a question in plain words, best first; none if no word of it occurs."""
        words = [word for word in WORD.findall(question.casefold()) if word not in STOP and len(word) > 1]
        if not words:
            return []
        # Quoted, so that nothing a customer writes is read as FTS5 syntax.
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        with self._lock:
            rows = self._index.execute(RANKED, (TITLE, BODY, query, limit)).fetchall()
        return [self._by_id[found] for found, score in rows if score <= rows[0][1] * BEST_SHARE]


@cache
def articles() -> Articles:
    """The project's articles, read once."""
    return Articles(Article.read(path) for path in sorted((Settings().project / "help").glob("*.md")))
