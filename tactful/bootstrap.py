"""One place where the parts are put together. Everything else is handed what it needs."""

import asyncio
import logging
import os
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import httpx
from anyio import from_thread, to_thread
from sqlalchemy import Connection, RowMapping

from tactful.assistant.context import set_context
from tactful.chat import replies
from tactful.chat.bell import Bell
from tactful.chat.conversations import Conversations, given
from tactful.chat.customer_tokens import CustomerTokens, use
from tactful.chat.engine import Outcome, RasaEngine
from tactful.chat.engine_memory import EngineMemory
from tactful.chat.engines import Engines
from tactful.chat.intake import Intake
from tactful.chat.memory import Memory, owner
from tactful.chat.sessions import Session, Tokens
from tactful.chat.shadowing import Shadowing
from tactful.chat.turns import TurnRunner
from tactful.chat.watching import Watch
from tactful.chat.wire import Wire
from tactful.config import Settings
from tactful.console.accounts import Accounts
from tactful.console.agreement import Agreements
from tactful.console.bulk import Bulk
from tactful.console.desk import Desk
from tactful.console.figures import FigureBook
from tactful.console.links import Links
from tactful.console.lockout import Lockout
from tactful.console.missed import rate
from tactful.console.missed.freeing import NotPersonal
from tactful.console.missed.marking import Missed
from tactful.console.missed.parts import Parts as Correcting
from tactful.console.missed.settling import Settling
from tactful.console.missed.undoing import Undoing
from tactful.console.morning import Morning
from tactful.console.notes import Notes
from tactful.console.oidc import Provider
from tactful.console.ratings import Ratings
from tactful.console.recording import Recorder
from tactful.console.reveals import Reveals
from tactful.console.reviews import Reviews
from tactful.console.sessions import Sessions
from tactful.console.shelf import Shelf
from tactful.console.sign_in import SignIn
from tactful.console.takeover import TakeOver
from tactful.console.training import Training
from tactful.console.transcripts import Transcripts
from tactful.console.views import Views
from tactful.console.waiting import Waiting
from tactful.console.wording import Wording
from tactful.errors import NotFound, TactfulError, Unauthorised
from tactful.installation import RETURNS, actions_secret, engine_secret, jobs, registry
from tactful.learn.registry import Registry
from tactful.metrics import Metrics
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.policy import Policy
from tactful.profile import consent, facts, subjects
from tactful.profile.history import History, recall
from tactful.profile.housekeeping import Housekeeping
from tactful.profile.overview import Overview
from tactful.profile.rights import CHAT, PANEL, Elsewhere, Parts, Rights
from tactful.profile.rights.erasure import Told
from tactful.profile.signing import Signer
from tactful.profile.transparency import Transparency
from tactful.store import search
from tactful.store.anchor import Anchors
from tactful.store.audit import AuditLog
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.listed import ListedValues
from tactful.store.notices import Notices
from tactful.store.refusals import Refusals
from tactful.store.retention import Periods, Retention
from tactful.store.tombstones import Tombstones
from tactful.store.trackers import Trackers
from tactful.store.vault import Vault
from tactful.telemetry.traces import from_environment
from tactful.times import clock
from tactful.web import readiness
from tactful.web.limits import Limits
from tactful.web.readiness import Readiness

log = logging.getLogger(__name__)

SETTLING_S = 10.0  # between looks for corrections that the engine does not know of yet
TAKEOVER_S = 5.0  # between looks for people who were not heard of for too long
ERASING_AGAIN_S = 300.0  # between looks for erasures that are not finished
ERASING_MS = 300_000  # one that was asked for within so long may be under way somewhere
ENDING_S = 8.0  # for turns under way when the door closes; the supervisor waits a little longer
GRACE_S = 3.0  # between the bot's last word and an erasure asked for in the chat, so that it can be read


@dataclass
class Services:
    """Everything a door runs on."""

    settings: Settings
    database: Database
    ring: KeyRing
    policy: Policy
    detector: IsolatedDetector
    engine: RasaEngine
    http: httpx.AsyncClient
    wire: Wire = field(default_factory=Wire)
    metrics: Metrics = field(default_factory=Metrics)
    bell: Bell = field(default_factory=Bell)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    known_engines: Engines | None = None  # those of `engine`; without them, the settings'
    _errands: set[asyncio.Task[None]] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(init=False, repr=False)

    clock = staticmethod(clock)

    @cached_property
    def engines(self) -> Engines:
        given = self.settings
        return self.known_engines or Engines(given.engine_url, given.engine_pointer, given.engines)

    @cached_property
    def cipher(self) -> SubjectCipher:
        return SubjectCipher(self.ring)

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.ring, self.cipher, self.policy, self.clock)

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.ring.derive("receipts"))

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self.ring, self.policy, self.clock, Anchors.of(self.settings))

    @cached_property
    def tombstones(self) -> Tombstones:
        return Tombstones.of(self.settings, self.ring, self.clock)

    @cached_property
    def refusals(self) -> Refusals:
        return Refusals.of(self.settings, self.ring, self.clock)

    @cached_property
    def retention(self) -> Retention:
        given = self.settings
        periods = Periods.of(self.policy, outbox_days=given.outbox_days, audit_days=given.audit_days)
        return Retention(self.database, self.vault, Trackers(given), self.audit, periods, self.clock)

    @cached_property
    def memory(self) -> Memory:
        return Memory(self.vault, self.cipher, self.policy, self.signer, self.audit, self.clock, self.refusals)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.database, self.vault, self.clock, self.settings.session_days)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.ring.derive("session-token"), self.settings.session_days)

    @cached_property
    def customer_tokens(self) -> CustomerTokens:
        return CustomerTokens(
            self.settings.customer_jwt_key,
            self.settings.customer_jwt_algorithm,
            self.settings.customer_jwt_audience,
            self.settings.customer_jwt_minutes * 60,
        )

    @cached_property
    def limits(self) -> Limits:
        given = self.settings
        return Limits(given.rate_messages, given.rate_conversations, given.rate_requests, given.rate_receipts)

    @cached_property
    def intake(self) -> Intake:
        return Intake(
            self.database,
            self.vault,
            self.detector,
            self.policy,
            self.clock,
            digest_key=self.ring.derive("message-digest"),
            longest=self.settings.message_characters,
            metrics=self.metrics,
            take_in=self.runner.take_in,
            lists=self.listed.seen_by,
        )

    @cached_property
    def runner(self) -> TurnRunner:
        return TurnRunner(
            self.database,
            self.engine,
            self.bell,
            self.clock,
            owner=f"{os.getpid()}-{secrets.token_hex(4)}",
            workers=self.settings.turn_workers,
            remember=self.memory.remember,
            after_turn=self._after_turn,
            metrics=self.metrics,
            record=self._record,
        )

    @cached_property
    def shadowing(self) -> Shadowing:
        secret = engine_secret(self.settings, self.ring)
        return Shadowing(self.database, self.policy, self.engines, self.http, secret, self.clock)

    def _record(self, tx: Connection, message: RowMapping, outcome: Outcome) -> None:
        self.recorder.record(tx, message, outcome)
        self.shadowing.offer(message, outcome)

    @cached_property
    def recorder(self) -> Recorder:
        given = self.settings
        return Recorder(
            self.policy, self.clock, key=self.ring.derive("audit-sample"),
            share=given.review_sample, unsure_below=given.review_unsure_below,
        )  # fmt: skip

    @cached_property
    def morning(self) -> Morning:
        return Morning(self.waiting, self.desk, self.reveals, self.clock)

    @cached_property
    def ratings(self) -> Ratings:
        return Ratings(self.database, self.clock)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.database, self.policy, self.clock)

    @cached_property
    def reviews(self) -> Reviews:
        given = self.settings
        return Reviews(
            self.database, self.policy, self.clock, needed=given.review_reviewers, minutes=given.review_minutes
        )

    @cached_property
    def transcripts(self) -> Transcripts:
        return Transcripts(self.database, self.policy, self.audit, self.clock)

    @cached_property
    def notes(self) -> Notes:
        return Notes(self.database, self.vault, self.detector, self.policy, self.clock)

    @cached_property
    def views(self) -> Views:
        return Views(self.database, self.notes, self.clock)

    @cached_property
    def bulk(self) -> Bulk:
        return Bulk(self.database, self.reviews, self.clock)

    @cached_property
    def agreements(self) -> Agreements:
        return Agreements(self.database)

    @cached_property
    def actions_secret(self) -> str:
        return actions_secret(self.settings, self.ring)

    @cached_property
    def staff_sessions(self) -> Sessions:
        given = self.settings
        return Sessions(
            self.database, self.ring, self.clock,
            idle_minutes=given.console_idle_minutes, hours=given.console_session_hours,
        )  # fmt: skip

    @cached_property
    def models(self) -> Registry:
        return registry(self.settings, self.ring)

    @cached_property
    def accounts(self) -> Accounts:
        links = Links(self.ring, self.clock, self.settings.console_link_hours)
        return Accounts(self.database, self.staff_sessions, links, self.audit, self.clock)

    @cached_property
    def sign_in(self) -> SignIn:
        lockout = Lockout(self.database, self.ring, self.clock)
        return SignIn(self.database, self.staff_sessions, lockout, self.audit, self.clock)

    @cached_property
    def oidc(self) -> Provider | None:
        """The company's own sign-in; None where there is none. Errors: `SetupError`."""
        return Provider(self.settings, self.ring.derive("oidc")) if self.settings.oidc_issuer else None

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.database, self.vault, self.detector, self.policy, self.settings.message_characters)

    @cached_property
    def takeover(self) -> TakeOver:
        return TakeOver(self.database, self.wording, self.policy, self.audit, self.clock, self._changed)

    @cached_property
    def waiting(self) -> Waiting:
        return Waiting(self.database, self.policy, self.clock)

    @cached_property
    def training(self) -> Training:
        return Training(
            self.settings, self.database, self.policy, self.audit, self.detector,
            jobs(self.settings), jobs(self.settings, RETURNS),
        )  # fmt: skip

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self.settings.home, self.models, self.database, self.accounts)

    @cached_property
    def figures(self) -> FigureBook:
        return FigureBook(self.database, self.clock)

    def _changed(self, conversation_id: str) -> None:
        """Somebody who answers changed a conversation, in whatever thread: whoever listens looks, the bot too."""
        self._loop.call_soon_threadsafe(self.bell.ring, conversation_id)
        self._loop.call_soon_threadsafe(self.runner.wake, conversation_id)

    async def _watch_takeovers(self) -> None:
        """Customers are told when the person who answered is gone."""
        while True:
            await asyncio.sleep(TAKEOVER_S)
            with suppress(TactfulError):
                await to_thread.run_sync(self.takeover.end_vanished)

    async def start(self) -> None:
        """Migrate, warm the detector up, take up what was left unanswered."""
        self._loop = asyncio.get_running_loop()
        await to_thread.run_sync(self.database.migrate)
        for subject_id in await to_thread.run_sync(self.housekeeping.make_good):
            await self.profile_changed(subject_id)
        set_context(ProfileContext(self))
        await self.detector.start()
        await self.runner.start()
        self._errand(self._finish_erasures())
        self._errand(self.housekeeping.keep())
        self._errand(self._index())
        if not self.database.is_sqlite:
            self.bell.others = Notices(self.settings.database, self.bell.heard)
            self._errand(self.bell.others.run())
        self._errand(Watch(self.database, self.bell).run())
        self._errand(self._settle())
        self._errand(self._watch_takeovers())
        self._errand(self.shadowing.run())

    def leave(self) -> None:
        """From now on this door is not ready; whoever listens is sent away, to come back through another."""
        self.closing.set()
        self.bell.wake_all()

    async def close(self) -> None:
        """End the turns under way, and leave the rest to other doors, or to the next start."""
        self.leave()
        await self.runner.close(ENDING_S)
        for errand in self._errands:
            errand.cancel()
        if "training" in self.__dict__:
            self.training.close()
        await self.detector.close()
        await self.http.aclose()
        await self.wire.close()
        self.database.close()
        await to_thread.run_sync(self.metrics.stages.traces.close)

    def begin(
        self, customer_token: str | None, previous_token: str | None, *, channel: str = "", language: str = ""
    ) -> Session:
        """A session in a new conversation: a known customer's, a returning anonymous one's, or a stranger's."""
        with self.database.begin() as tx:
            subject_id = self._subject(tx, customer_token, previous_token)
            restricted = consent.restricted(tx, subject_id)
            name = None if restricted else facts.load(tx, self.cipher, subject_id, self.clock()).get("name")
            conversation_id = self.conversations.open(
                tx,
                subject_id,
                name.value if name else None,
                channel=channel,
                language=language,
                model=self.engines.draw(),
            )
        return Session(conversation_id, subject_id)

    def _subject(self, tx: Any, customer_token: str | None, previous_token: str | None) -> str:
        now = self.clock()
        if customer_token:
            claim = self.customer_tokens.verify(customer_token)
            use(tx, self.ring, claim, now)
            return subjects.by_external(tx, self.ring, claim.customer) or subjects.create(
                tx, self.ring, external_id=claim.customer, now=now
            )
        if previous_token:
            try:
                before = self.tokens.verify_returning(previous_token)
                if subjects.exists(tx, before.subject_id):
                    return before.subject_id
            except Unauthorised:
                pass  # an old token that proves nothing opens a stranger's conversation
        return subjects.create(tx, self.ring, now=now)

    async def profile_changed(self, subject_id: str) -> None:
        """The profile was changed outside the chat: let the live conversations know."""
        for conversation_id in await to_thread.run_sync(self.conversations.profile_changed, subject_id):
            self.runner.wake(conversation_id)

    async def erase(self, subject_id: str, *, via: str = PANEL, told: Told = lambda step: None) -> dict[str, Any]:
        """Erase a subject everywhere, Rasa's tracker store included; as `Rights.erase`."""
        conversations = await to_thread.run_sync(self.conversations.of, subject_id)
        done = await to_thread.run_sync(self.rights.by(via).erase, subject_id, told)
        for conversation_id in conversations:
            self.bell.ring(conversation_id)
        return done

    @cached_property
    def engine_memory(self) -> EngineMemory:
        return EngineMemory(
            Trackers(self.settings),
            self.engines,
            engine_secret(self.settings, self.ring),
            self.settings.turn_deadline_s,
        )

    @cached_property
    def rights(self) -> Rights:
        parts = Parts(
            self.database, self.cipher, self.vault, self.policy, self.signer, self.audit, self.clock, self._reads,
            refusals=self.refusals,
        )  # fmt: skip
        return Rights(parts, Elsewhere(self.engine_memory.forget, self.tombstones.add))

    def _reads(self, text: str, question: str) -> bool:
        """Whether something personal is in it; from one of the door's threads."""
        return bool(from_thread.run(partial(self.detector.detect, text, question=question)))

    @cached_property
    def listed(self) -> ListedValues:
        return ListedValues(self.database, self.ring)

    @cached_property
    def correcting(self) -> Correcting:
        """What corrections are made with."""
        return Correcting(
            self.database,
            self.ring,
            self.cipher,
            self.vault,
            self.policy,
            self.audit,
            self.listed,
            self.engine_memory,
            self.clock,
        )

    @cached_property
    def missed(self) -> Missed:
        return Missed(self.correcting)

    @cached_property
    def settling(self) -> Settling:
        """For what an act left to be settled later: it waits for nobody."""
        return Settling(self.correcting, patience_s=0)

    @cached_property
    def not_personal(self) -> NotPersonal:
        return NotPersonal(self.correcting)

    @cached_property
    def reveals(self) -> Reveals:
        minutes = self.settings.reveal_minutes
        return Reveals(self.database, self.vault, self.policy, self.audit, self.clock, minutes)

    @cached_property
    def undoing(self) -> Undoing:
        return Undoing(self.correcting)

    @cached_property
    def housekeeping(self) -> Housekeeping:
        hours = self.settings.retention_hours
        return Housekeeping(
            self.database, self.rights, self.tombstones, self.retention, self.audit, self.refusals, self.clock,
            hours, self.settings.backup_days, done=self.metrics.retention_done.set_to_current_time,
        )  # fmt: skip

    @cached_property
    def readiness(self) -> Readiness:
        return Readiness(
            readiness.parts(self.database, self.detector, self.engine, str(self.settings.home)), self.metrics
        )

    @cached_property
    def transparency(self) -> Transparency:
        return Transparency(self.database, self.clock, rate.sampled)

    async def _index(self) -> None:
        try:
            await to_thread.run_sync(search.catch_up, self.database)
        except Exception as error:
            log.error("search may not find all that it should (%s); the next start tries again", type(error).__name__)

    async def _settle(self) -> None:
        """Bring the engine's copies in line with corrections that found an answer under way, or no engine."""
        while True:
            try:
                await to_thread.run_sync(self.settling.settle_all)
            except Exception as error:
                log.error("corrections were not settled (%s); trying again", type(error).__name__)
            await asyncio.sleep(SETTLING_S)

    async def _after_turn(self, conversation_id: str, outcome: Outcome) -> None:
        if replies.asked_for(outcome, "rights") == "erase":
            self._errand(self._erase_soon(conversation_id))

    async def _erase_soon(self, conversation_id: str) -> None:
        await asyncio.sleep(GRACE_S)
        await self._erase(await to_thread.run_sync(self.owner, conversation_id), via=CHAT)

    async def _finish_erasures(self) -> None:
        """What failed, and what a door that died left behind: at the start, and again every few minutes."""
        under_way_ms = None
        while True:
            with suppress(TactfulError):
                for subject_id in await to_thread.run_sync(self.rights.unfinished_erasures, under_way_ms):
                    await self._erase(subject_id, via=PANEL)
            await asyncio.sleep(ERASING_AGAIN_S)
            under_way_ms = ERASING_MS

    async def _erase(self, subject_id: str, via: str) -> None:
        """Nobody waits for the outcome here: what failed stands in the ledger, and is tried again."""
        try:
            await self.erase(subject_id, via=via)
        except NotFound:
            pass  # another door was quicker
        except Exception as error:
            log.error("an erasure failed (%s); see: tactful subject requests", type(error).__name__)

    def _errand(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def owner(self, conversation_id: str) -> str:
        """The subject of a conversation."""
        with self.database.read() as tx:
            return owner(tx, conversation_id)


class ProfileContext:
    """What the assistant's actions may read: facts as slots, nothing that could be written."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def profile(self, conversation_id: str) -> dict[str, Any]:
        """The profile of this conversation's customer; names as placeholders."""
        with self._services.database.read() as tx:
            return self._services.memory.slots(tx, conversation_id)

    def learned(self, conversation_id: str) -> dict[str, str]:
        """How each fact of this conversation's customer was learned."""
        with self._services.database.read() as tx:
            return self._services.memory.sources(tx, conversation_id)

    def history(self, conversation_id: str) -> History:
        """What was before this conversation."""
        with self._services.database.read() as tx:
            return recall(tx, self._services.policy, conversation_id)

    def overview(self, conversation_id: str) -> Overview:
        """What access tells, as it may be said in this conversation."""
        return self._services.rights.by(CHAT).overview(self._services.owner(conversation_id), conversation_id)


def build(settings: Settings) -> Services:
    """A door's services for these settings. Errors: `SetupError`, `PolicyError`."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = KeyRing.from_settings(settings)
    policy_path = settings.project / "privacy.yml"
    http, wire = httpx.AsyncClient(), Wire()
    database = Database(settings.database)
    engines = Engines(settings.engine_url, settings.engine_pointer, settings.engines, partial(given, database))
    lists = ListedValues(database, ring).current
    metrics = Metrics()
    metrics.stages.traces = from_environment()
    return Services(
        settings,
        database,
        ring,
        Policy.load(policy_path),
        IsolatedDetector(
            policy_path,
            settings.detector_budget_ms,
            settings.detector_workers,
            lists=lists,
            replaced=lambda why: metrics.detector_replaced.labels(why).inc(),
        ),
        RasaEngine(http, wire, engine_secret(settings, ring), settings.turn_deadline_s, engines, metrics.stages.traces),
        http,
        wire,
        metrics,
        known_engines=engines,
    )
