"""Every table of the store. Times are epoch milliseconds; ids are 128-bit random hex.

Text in `messages` is redacted: placeholders only. Personal values stand only in columns of type
`LargeBinary` named `value`, encrypted with the subject's data key (see `tactful.store.crypto`).
`privacy.yml` lists every column that can hold personal data; a test fails for one it does not know.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(32)
# SQLite gives row ids only to INTEGER keys.
Counter = BigInteger().with_variant(Integer, "sqlite")

subjects = Table(
    "subjects",
    metadata,
    Column("id", Id, primary_key=True),
    # Keyed blind index of the company's own customer id; null for an anonymous subject.
    Column("external_index", LargeBinary(32), unique=True),
    # The subject's data key, wrapped by the key ring; null once the subject is erased.
    Column("wrapped_key", LargeBinary),
    Column("key_id", String(32), nullable=False),
    Column("restricted", Boolean, nullable=False, default=False),
    Column("created_at", BigInteger, nullable=False),
    # Set while an erasure is under way: nothing new is accepted, and it can be resumed.
    Column("erasing_at", BigInteger),
    Column("erased_at", BigInteger),
)

facts = Table(
    "facts",
    metadata,
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    # told: said in a message; chosen: a button or the data panel; inferred: deduced by the bot.
    Column("source", String(10), nullable=False),
    # 0 to 1. What is inferred counts for nothing until confirmed; at 0 it was refused, not to be inferred till its end.
    Column("sureness", Float, nullable=False, default=1.0, server_default="1"),
    Column("confirmed", Boolean, nullable=False, default=True, server_default=true()),
    Column("conversation_id", Id),
    Column("learned_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("policy_version", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "subject_id", "purpose", "id"),
)

# What a consent was given or withdrawn with. Erasure unlinks it: the code still works, and names nobody.
receipts = Table(
    "receipts",
    metadata,
    Column("number", Counter, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("code", String(24), nullable=False, unique=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="SET NULL"), index=True),
    Column("purpose", String(40), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("document", Text, nullable=False),  # signed JSON, as it was handed out
)

objections = Table(
    "objections",
    metadata,
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True),
    Column("purpose", String(40), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# The ledger of what customers asked for under their rights, and until when it is due.
requests = Table(
    "requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_id", Id, nullable=False, index=True),
    Column("right", String(20), nullable=False),
    Column("via", String(10), nullable=False),  # chat | panel | operator
    Column("status", String(10), nullable=False),  # open | failed | done
    Column("asked_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Column("steps", JSON, nullable=False),  # [{step, count, at}], as far as it got
    Index(None, "status", "due_at"),
)

# Customer tokens that were used, by keyed index, until they expire: each opens one conversation.
used_tokens = Table(
    "used_tokens",
    metadata,
    Column("token_index", LargeBinary(32), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# Which models learned from which conversations' redacted words. Flagged: they learned from what was erased since.
model_lineage = Table(
    "model_lineage",
    metadata,
    Column("model", String(80), primary_key=True),
    Column("conversation_id", Id, primary_key=True, index=True),
    Column("trained_at", BigInteger, nullable=False),
    Column("flagged_at", BigInteger),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    # bot | waiting (for a person) | agent | closed
    Column("state", String(10), nullable=False, default="bot"),
    Column("channel", String(20)),  # widget | api
    Column("language", String(8)),  # of the customer's browser
    Column("model", String(80)),  # that it was given to when it began, if a canary ran; else null
    Column("next_seq", Integer, nullable=False, default=1),
    # One turn at a time: who holds the conversation, since which hand-over (fencing), until when.
    Column("lease_owner", String(64)),
    Column("lease_fence", BigInteger, nullable=False, default=0),
    Column("lease_until", BigInteger, nullable=False, default=0),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("author", String(10), nullable=False),  # customer | bot | agent | system
    Column("kind", String(10), nullable=False),  # text | choice | event (minted by the door, not shown)
    Column("status", String(10), nullable=False),  # pending | answered | withheld | held (for a person); sent
    Column("text", Text, nullable=False, default=""),
    Column("forced", Text),  # payload of a choice or an event: `/intent{...}`
    Column("buttons", JSON(none_as_null=True)),  # [{id, title, payload}]
    Column("cards", JSON(none_as_null=True)),
    Column("reply_to", Integer),
    Column("client_message_id", String(64)),
    # Keyed digest of the raw text, to tell a repeat from a reuse without keeping the text.
    Column("digest", LargeBinary(32)),
    Column("intent", String(80)),
    Column("confidence", Float),
    Column("entity_types", JSON(none_as_null=True)),  # kinds of personal data replaced in this message, with counts
    Column("attempts", Integer, nullable=False, default=0),
    Column("rating", Integer),  # the customer's, of a reply: 1 or -1
    Column("created_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger),
    Column("staff_id", Id),  # who wrote it, when its author is an agent
    # On SQLite of those rows alone that have one, and that are looked for.
    UniqueConstraint("conversation_id", "client_message_id").ddl_if(dialect="postgresql"),
    Index(
        "ix_messages_conversation_id_client_message_id", "conversation_id", "client_message_id",
        unique=True, sqlite_where=text("client_message_id IS NOT NULL"),
    ).ddl_if(dialect="sqlite"),
    Index(None, "status", "created_at", sqlite_where=text("status = 'pending'")),
)  # fmt: skip

# As a value of its own in every statement: SQLite takes an index of some rows only where it sees that it has them all.
PENDING = literal_column("'pending'", String)

vault = Table(
    "vault",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("placeholder", String(60), primary_key=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("type", String(40), nullable=False),
    Column("value", LargeBinary, nullable=False),
    # Keyed blind index of (conversation, type, normalised value): the same value gets the same placeholder.
    Column("value_index", LargeBinary(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    UniqueConstraint("conversation_id", "value_index"),
)

# What is reviewed: a customer's typed message and what answered it, as a reviewer finds, filters and judges it.
# The words stand in `messages`, and in the search index (see `tactful.store.search`).
turns = Table(
    "turns",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True),
    # Whether people may read it now: kept in step by `tactful.profile.consent.settle`, and asked again before reading.
    Column("readable", Boolean, nullable=False),
    Column("state", String(10), nullable=False),  # open | disputed | done
    Column("at", BigInteger, nullable=False),
    Column("intent", String(80), nullable=False),  # as the engine understood it
    Column("confidence", Float, nullable=False),
    Column("ranking", JSON, nullable=False),  # as turns of before have it: [{name, confidence}], best first
    Column("guesses", JSON(none_as_null=True)),  # its other guesses: {name: confidence}, best first, at most four
    Column("model", String(80), nullable=False),
    Column("tone", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("length", Integer, nullable=False),  # characters
    Column("kinds", String(400), nullable=False),  # entity types hidden in it, with a space around each
    Column("facts", String(200), nullable=False),  # names of the attributes that the bot had at hand
    Column("doubts", JSON, nullable=False),  # {kind: how often}: what looked personal, and was not hidden
    Column("final_intent", String(80)),  # what the reviewers found it to be, once it is done
    Column("verdict", String(10)),
    UniqueConstraint("conversation_id", "seq"),
    Index(None, "readable", "id", sqlite_where=text("readable = 1")),
    Index(None, "state", "readable", "id", sqlite_where=text("readable = 1")),
)

queue_entries = Table(
    "queue_entries",
    metadata,
    Column("turn_id", Counter, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("queue", String(20), primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("readable", Boolean, nullable=False),
    Column("by", Id),  # who flagged or reopened it; null for what the door put there
    Column("bulk_id", Id),
    Column("at", BigInteger, nullable=False),
    Index(None, "queue", "open", "readable", "turn_id"),
    Index(None, "bulk_id", sqlite_where=text("bulk_id IS NOT NULL")),
)

reviews = Table(
    "reviews",
    metadata,
    Column("turn_id", Counter, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("reviewer", Id, primary_key=True),
    Column("verdict", String(10), nullable=False),  # accepted | corrected | rejected
    Column("intent", String(80), nullable=False),
    Column("resolves", Boolean, nullable=False),  # a resolver's, who saw the others
    Column("bulk_id", Id, index=True),
    Column("at", BigInteger, nullable=False),
    Index(None, "reviewer", "at"),
)

# What was chosen for review, and why; and which turns may be about something that no intent is for.
selections = Table(
    "selections",
    metadata,
    Column("turn_id", Counter, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("why", String(10), nullable=False),  # uncertain | … (see `learn.selecting`); "": of a cluster only
    Column("twins", Integer, nullable=False),  # how many more say the same
    Column("score", Float, nullable=False),
    Column("said", String(80), nullable=False),  # the intent that others give it, where its own is in doubt
    Column("cluster", Integer),
    Column("customers", Integer, nullable=False),  # of its cluster
    Column("at", BigInteger, nullable=False),
)

reservations = Table(
    "reservations",
    metadata,
    Column("turn_id", Counter, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("reviewer", Id, primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("author", Id, nullable=False),
    Column("text", Text, nullable=False),  # redacted
    Column("at", BigInteger, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(30), primary_key=True),
    Column("by", Id, nullable=False),
    Column("bulk_id", Id, index=True),
    Column("at", BigInteger, nullable=False),
    Index(None, "name", "conversation_id"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("assignee", Id, nullable=False, index=True),
    Column("by", Id, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# A filter under a name; `words` of a search have passed the detector.
saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("filter", JSON, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# An act on everything that a filter found, so that it can be undone as one.
bulk_acts = Table(
    "bulk_acts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("by", Id, nullable=False, index=True),
    Column("act", String(20), nullable=False),
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("undone_at", BigInteger),
)

# Candidates that were asked beside the one that answers, and how often; what they said stands in `shadow_turns`.
shadows = Table(
    "shadows",
    metadata,
    Column("id", Id, primary_key=True),
    Column("model", String(80), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("started_at", BigInteger, nullable=False, index=True),
    Column("compared", Integer, nullable=False, default=0),
    Column("dropped", Integer, nullable=False, default=0),  # it was behind
    Column("failed", Integer, nullable=False, default=0),  # it did not answer
    Column("refused", Integer, nullable=False, default=0),  # the customer does not allow it
)

# What a shadow understood, by ids; no words.
shadow_turns = Table(
    "shadow_turns",
    metadata,
    Column("shadow_id", Id, ForeignKey("shadows.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("live_model", String(80), nullable=False),
    Column("live_intent", String(80), nullable=False),
    Column("live_confidence", Float, nullable=False),
    Column("intent", String(80), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "conversation_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("conversation_id", Id),
    Column("kind", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger, index=True),
)

# What reviewers put right: values the detector had missed, and words it had hidden for nothing.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("act", String(10), nullable=False),  # missed | kept (not personal)
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("seq", Integer),  # the message in which words were marked
    Column("placeholder", String(60), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("scope", String(10), nullable=False),  # customer | everyone: for whom the detector has learned it
    Column("places", Integer, nullable=False, default=0),  # how often the value stood in the message
    Column("state", String(10), nullable=False),  # here | everywhere | waiting (for a second person) | refused | undone
    Column("by", Id, nullable=False),  # an account's id
    Column("at", BigInteger, nullable=False, index=True),
    Column("decided_by", Id),  # the second person
    Column("undone_by", Id),
    Column("undone_at", BigInteger),
    Column("settled", Boolean, nullable=False, default=False),  # the engine's own copies are as this row says
)

# What a correction changed, as it was before: encrypted with the subject's key, so that it can be undone.
correction_changes = Table(
    "correction_changes",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("correction_id", Id, ForeignKey("corrections.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", String(20), nullable=False),  # a table, or events: the engine's
    Column("row", String(80), nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("after", LargeBinary(32), nullable=False),  # keyed digest of what stands there now
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# What the detector learned from corrections: keyed digests, so that the list tells no value.
listed_values = Table(
    "listed_values",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("correction_id", Id, ForeignKey("corrections.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", LargeBinary(16), nullable=False),
    Column("words", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

# The installation's own test set for its detector: sentences with surrogates in place of every value.
detector_cases = Table(
    "detector_cases",
    metadata,
    Column("correction_id", Id, ForeignKey("corrections.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("spans", JSON, nullable=False),  # [{start, end, type}] in code points
    Column("at", BigInteger, nullable=False),
)

# Who asked to see a hidden value, why, who agreed, and until when it may be looked at.
reveals = Table(
    "reveals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("subject_id", Id, ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("placeholder", String(60), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),  # redacted
    Column("state", String(10), nullable=False),  # asked | granted | refused
    Column("asked_by", Id, nullable=False),
    Column("asked_at", BigInteger, nullable=False, index=True),
    Column("decided_by", Id),
    Column("decided_at", BigInteger),
    Column("expires_at", BigInteger, nullable=False),  # of the question, then of the answer
    Column("looks", Integer, nullable=False, default=0),
)

# Entries of the audit chain, numbered without a gap; none holds a personal value (see `tactful.store.audit`).
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("act", String(40), nullable=False),
    Column("role", String(10), nullable=False),
    Column("actor", String(16)),  # keyed pseudonym
    Column("subject_id", Id, index=True),  # stays when the subject is erased, so no foreign key
    Column("object_id", String(64)),
    Column("fields", Text, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),  # redacted
    Column("mac", LargeBinary(32), nullable=False),
)

# One row: where the chain ends, and below which entry it was shortened.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("base_seq", BigInteger, nullable=False),
    Column("base_mac", LargeBinary(32), nullable=False),
    Column("base_proof", LargeBinary(32), nullable=False),
)

# The people who work in the console. Their ids are what reviews and notes name.
staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", String(80), nullable=False, unique=True),  # case-folded
    Column("name", String(80), nullable=False),  # as colleagues see it
    Column("roles", String(120), nullable=False),  # between commas
    Column("password", String(200)),  # Argon2id; null until a link was used, or for who signs in elsewhere
    # Who they are at the company's own sign-in (OpenID Connect).
    Column("issuer", String(200)),
    Column("issuer_subject", String(255)),
    Column("created_at", BigInteger, nullable=False),
    Column("signed_in_at", BigInteger),
    Column("disabled_at", BigInteger),
    UniqueConstraint("issuer", "issuer_subject"),
)

# One-time links: the first administrator's (of nobody yet), and those that set a password.
staff_links = Table(
    "staff_links",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),  # keyed
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), index=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),  # keyed
    Column("staff_id", Id, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# Failed sign-ins, by a keyed index of the account's name or of the address.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    Column("locked_until", BigInteger, nullable=False),
)

# Conversations that a person was asked into, or joined. At most one of a conversation has no end.
handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reason", String(20), nullable=False),  # asked | complaint | fallback | joined
    Column("asked_at", BigInteger, nullable=False),
    # Who answers, since which claim (fencing), and until when they need not be heard of again.
    Column("staff_id", Id),
    Column("fence", BigInteger, nullable=False, default=0),
    Column("held_until", BigInteger, nullable=False, default=0),
    Column("typing_until", BigInteger, nullable=False, default=0),
    Column("taken_at", BigInteger),
    Column("answered_at", BigInteger),  # first, by a person
    Column("ended_at", BigInteger, index=True),
    Column("summary", Text, nullable=False, default=""),  # redacted
)

# One row: the oldest schema whose version of Tactful can still work on this one, so that an upgrade can roll.
schema_floor = Table("schema_floor", metadata, Column("oldest", String(32), primary_key=True))
