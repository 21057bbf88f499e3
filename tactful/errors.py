"""Every error Tactful raises on purpose, as one small tree.

    TactfulError
    ├── BadRequest          400   what was sent cannot be used as it is
    │   ├── PolicyError           privacy.yml is missing something or contradicts itself
    │   ├── Personal              words that are kept as they are hold a name, a number or the like
    │   └── NotAllowed      403   a category or a missing consent forbids it; nothing was stored
    ├── Unauthorised        401   no token, or one that is false or expired
    ├── NotFound            404   unknown and foreign alike
    ├── Conflict            409   the same id with another content
    ├── TooSlow             408   the request's body took too long to come
    ├── TooLarge            413   over a size limit
    ├── TooMany             429   over a rate limit; `retry_after` in seconds
    ├── Unavailable         503   a part is away; nothing was accepted; `retry_after` in seconds
    │   ├── DetectorUnavailable   personal data could not be looked for: withhold
    │   ├── EngineUnavailable     Rasa is down, slow or answered nonsense
    │   └── StoreUnavailable      the database is locked, away or full
    ├── DecryptionFailed    500   wrong key, or a ciphertext that was cut or moved
    ├── AuditBroken         500   an entry of the audit log is not as it was written
    ├── BackupDamaged       500   a backup that was changed or cut short; nothing was taken from it
    └── SetupError          1     the installation lacks something; the sentence says what to do

A message never holds personal data: it may end up in a log, a metric or a stranger's terminal.
"""

from typing import ClassVar, Self


class TactfulError(Exception):
    """Base: a stable `code` for programs, a sentence for people, an HTTP `status`."""

    code = "internal"
    status = 500
    message = "Something went wrong on our side."

    def __init__(self, message: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(message or self.message)
        self.retry_after = retry_after


class BadRequest(TactfulError):
    code, status, message = "bad_request", 400, "The request could not be understood."


class PolicyError(BadRequest):
    code, message = "policy", "The privacy policy is not usable."


class Personal(BadRequest):
    """Words that were to hold nothing personal do. What holds them is named, its words are not quoted."""

    WHY: ClassVar[str] = "this holds something personal, such as a name, a number or an address"
    code, message = "personal", f"{WHY[0].upper()}{WHY[1:]}."

    @classmethod
    def within(cls, what: str) -> Self:
        """`what` as it begins a sentence."""
        return cls(f"{what}: {cls.WHY}. Use other words.")


class NotAllowed(BadRequest):
    code, status, message = "not_allowed", 403, "The privacy policy does not allow this."


class Unauthorised(TactfulError):
    code, status, message = "unauthorised", 401, "A valid token is needed. Start a new conversation."


class NotFound(TactfulError):
    code, status, message = "not_found", 404, "There is nothing here."


class Conflict(TactfulError):
    code, status = "conflict", 409
    message = "This client_message_id was already used for another message."


class TooSlow(TactfulError):
    code, status, message = "too_slow", 408, "The request took too long to arrive."


class TooLarge(TactfulError):
    code, status, message = "too_large", 413, "The message is too long."


class TooMany(TactfulError):
    code, status, message = "too_many", 429, "That was a little fast. Please wait a moment."


class Unavailable(TactfulError):
    code, status = "unavailable", 503
    message = "Tactful cannot take this right now. Please try again in a moment."


class DetectorUnavailable(Unavailable):
    code, message = "detector_unavailable", "The message could not be checked for personal data."


class EngineUnavailable(Unavailable):
    code, message = "engine_unavailable", "The assistant is not answering right now."


class StoreUnavailable(Unavailable):
    code, message = "store_unavailable", "Nothing can be saved right now. Please try again in a moment."


class DecryptionFailed(TactfulError):
    code, message = "decryption_failed", "A stored value could not be decrypted."


class AuditBroken(TactfulError):
    code, message = "audit_broken", "The audit log is not as it was written. See: tactful audit verify"


class BackupDamaged(TactfulError):
    code, message = "backup_damaged", "The backup is damaged."


class SetupError(TactfulError):
    code, message = "setup", "The installation is not complete."
