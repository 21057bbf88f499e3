"""A customer who chats with a whole Tactful: real door, real detector, real Rasa."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.conftest import Door

PATIENCE_S = 90  # an engine that has to start again takes its time


@dataclass
class Chat:
    """One conversation. Replies come as they would in the widget, values put back."""

    http: httpx.Client
    conversation: str
    headers: dict[str, str] = field(repr=False)
    last: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _buttons: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def token(self) -> str:
        return self.headers["Authorization"].removeprefix("Bearer ")

    @property
    def text(self) -> str:
        """Everything the bot said in its last turn."""
        return "\n".join(message["text"] for message in self.last)

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for message in self.last for button in message["buttons"]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for message in self.last for card in message["cards"]]

    @property
    def profile(self) -> dict[str, Any]:
        """What is known: as on the customer's own page, without questions that were skipped."""
        attributes = self.http.get("/api/me/profile", headers=self.headers).raise_for_status().json()["attributes"]
        return {it["name"]: it["value"] for it in attributes if it["value"] not in (None, "skipped")}

    def say(self, text: str) -> str:
        return self._send({"text": text})

    def press(self, title: str) -> str:
        """Press a button by what stands on it, the latest with that title."""
        return self._send({"choice": self._buttons[title]})

    def send(self, message: dict[str, str], identity: str) -> httpx.Response:
        """Send without waiting."""
        body = {"client_message_id": identity, **message}
        return self.http.post(f"/api/conversations/{self.conversation}/messages", json=body, headers=self.headers)

    def answer_to(self, seq: int) -> str:
        """Wait for the replies to a message, and take them."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            shown = self.messages(after=seq, wait=5)
            replies = [message for message in shown if message["reply_to"] == seq]
            if replies:
                self.last = replies
                for message in shown:
                    self._buttons |= {button["title"]: button["id"] for button in message["buttons"]}
                    cards = [card for card in message["cards"] if card["button"]]
                    self._buttons |= {card["title"]: card["button"]["id"] for card in cards}
                return self.text
        pytest.fail("no answer came")

    def messages(self, *, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
        url = f"/api/conversations/{self.conversation}/messages"
        answer = self.http.get(url, params={"after": after, "wait": wait}, headers=self.headers)
        shown: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
        return shown

    def greeting(self) -> str:
        """Wait for what the bot says first."""
        deadline = time.monotonic() + PATIENCE_S
        while not (shown := self.messages(wait=5)):
            assert time.monotonic() < deadline, "no greeting came"
        self.last = shown
        self._buttons |= {button["title"]: button["id"] for message in shown for button in message["buttons"]}
        return self.text

    def _send(self, message: dict[str, str]) -> str:
        sent = self.send(message, uuid.uuid4().hex)
        assert sent.status_code == httpx.codes.ACCEPTED, sent.text
        return self.answer_to(sent.json()["seq"])


NewChat = Callable[..., Chat]


@pytest.fixture
def new_chat(door: Door) -> Iterator[NewChat]:
    """Begins conversations: a stranger's, or, given an earlier chat, the same customer's next one."""
    with httpx.Client(base_url=door.url, timeout=30) as http:

        def begin(earlier: Chat | None = None) -> Chat:
            body = {"previous_token": earlier.token} if earlier else {}
            begun = http.post("/api/conversations", json=body).raise_for_status().json()
            chat = Chat(http, begun["conversation_id"], {"Authorization": f"Bearer {begun['token']}"})
            chat.greeting()
            return chat

        yield begin


@pytest.fixture
def chat(new_chat: NewChat) -> Chat:
    """A stranger who has just been greeted."""
    return new_chat()


@pytest.fixture
def settled(chat: Chat) -> Chat:
    """A customer who wants no questions."""
    chat.say("stop asking me questions")
    return chat
