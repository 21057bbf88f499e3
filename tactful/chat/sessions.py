"""Sessions: who may speak in which conversation. Ids and tokens are minted here and nowhere else."""

import secrets
import time
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from tactful.errors import Unauthorised

DAY = 86_400
AHEAD_S = DAY  # how far another door's clock, or this one's before it was put right, may have been ahead
RETURNING_DAYS = 90  # an expired token still proves for this long that a customer is the same as before


@dataclass(frozen=True, slots=True)
class Session:
    """One customer's right to one conversation."""

    conversation_id: str
    subject_id: str


class Tokens:
    """Signed, expiring session tokens. Stateless: whoever holds the key ring can verify them."""

    def __init__(self, secret: bytes, valid_days: int) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="tactful-session")
        self.valid_seconds = valid_days * DAY

    def mint(self, session: Session) -> str:
        return self._signer.dumps([session.conversation_id, session.subject_id, secrets.token_hex(8)])

    def verify(self, token: str) -> Session:
        """The session of `token`. Errors: `Unauthorised` for a false or expired one."""
        return self._load(token, self.valid_seconds)

    def verify_returning(self, token: str) -> Session:
        """The same, also for a token that ran out less than 90 days ago: it opens no conversation."""
        return self._load(token, max(self.valid_seconds, RETURNING_DAYS * DAY))

    def _load(self, token: str, max_age: int) -> Session:
        try:
            (conversation_id, subject_id, _), minted = self._signer.loads(token, return_timestamp=True)
        except (BadSignature, ValueError, TypeError):
            raise Unauthorised() from None
        if not -AHEAD_S <= time.time() - minted.timestamp() <= max_age:
            raise Unauthorised("This conversation has expired. Start a new one.")
        if not (isinstance(conversation_id, str) and isinstance(subject_id, str)):
            raise Unauthorised
        return Session(conversation_id, subject_id)


def new_id() -> str:
    """128 random bits as hex."""
    return secrets.token_hex(16)
