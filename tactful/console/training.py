"""A trainer's acts from the console: work that is begun beside the door, stopped, and told in the audit log."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from anyio import to_thread

from tactful.config import Settings
from tactful.console.preview import Preview, preview
from tactful.console.staff import Staff
from tactful.errors import BadRequest
from tactful.learn.asking import engine
from tactful.learn.exported import REVIEWED
from tactful.learn.jobs import Job, Jobs
from tactful.learn.prediction import Prediction
from tactful.learn.standing import Standing
from tactful.learn.starting import start
from tactful.privacy.isolated import IsolatedDetector
from tactful.privacy.placeholders import redact
from tactful.privacy.policy import Policy
from tactful.store.audit import Act, AuditLog, Reason
from tactful.store.database import Database

# What a trainer may begin, and as what it is told. What has no act here tells it itself, once done.
BEGUN: Mapping[str, Act | None] = {
    "train": Act.MODEL_TRAINED,
    "evaluate": Act.MODEL_EVALUATED,
    "look": Act.LEARN_LOOKED,
    "export": Act.LEARN_EXPORTED,
    "select": None,
    "promote": None,
    "canary": None,
    "listen": None,
    "listen_no_more": None,
    "rollback": None,
}
WORDS = {
    "train": "Training a model",
    "evaluate": "Evaluating a model",
    "look": "Looking through what reviewers settled",
    "export": "Writing the training data",
    "select": "Choosing what to review",
    "promote": "Letting a model answer everybody",
    "canary": "Giving a model a share of new conversations",
    "listen": "Letting a model listen",
    "listen_no_more": "Ending the listening",
    "rollback": "Going back",
}


class Training:
    """Begins and stops. `jobs`: of long work, one at a time; `returns`: of going back, which waits for nothing."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        policy: Policy,
        audit: AuditLog,
        detector: IsolatedDetector,
        jobs: Jobs,
        returns: Jobs,
        begin: Callable[[Settings, Jobs, str, Mapping[str, Any]], Job] = start,
    ) -> None:
        self._settings, self._database, self._policy = settings, database, policy
        self._audit, self._detector = audit, detector
        self._jobs, self._returns, self._begin = jobs, returns, begin

    def begin(self, kind: str, staff: Staff, **given: str) -> Job:
        """Start it. Errors: `BadRequest` for what nobody knows; `Busy`; `Unavailable`."""
        if kind not in BEGUN:
            raise BadRequest("There is no such work.")
        jobs = self._returns if kind == "rollback" else self._jobs
        job = self._begin(self._settings, jobs, kind, {"by": staff.id, **given})
        if act := BEGUN[kind]:
            self._tell(act, staff)
        return job

    def cancel(self, staff: Staff) -> None:
        """Stop what is under way. Errors: `NotFound` when nothing is."""
        self._jobs.cancel()
        self._tell(Act.LEARN_CANCELLED, staff)

    def now(self) -> Job | None:
        """What is under way, or what was done last; going back first, while it lasts."""
        back, job = self._returns.last(), self._jobs.last()
        if back and (back.running or job is None or (not job.running and back.ended > job.ended)):
            return back
        return job

    def busy(self) -> bool:
        """Whether long work is under way, so that no other can begin."""
        job = self._jobs.last()
        return job is not None and job.running

    def last_of(self, *kinds: str) -> Job | None:
        """The newest of these that came to a good end."""
        found = [job for kind in kinds if (job := self._jobs.done(kind))]
        return max(found, key=lambda job: job.ended, default=None)

    def preview(self, staff: Staff) -> Preview:
        """What an export would change, as the newest look found it. Reading it is audited."""
        last = self.last_of("look", "export")
        taken = last.result.get("taken", ()) if last else ()
        written = self._settings.project / REVIEWED / "reviewed.yml"
        with self._database.begin() as tx:
            return preview(
                tx, self._policy, self._audit, staff, [(each[0], each[1], each[2]) for each in taken],
                written.read_text(encoding="utf-8") if written.exists() else "",
            )  # fmt: skip

    async def ask(self, text: str, models: Sequence[Path], staff: Staff) -> tuple[str, list[Prediction]]:
        """The sentence as the models got it, and what each said. Nothing of it is kept.

        Errors: `BadRequest` for no words; `DetectorUnavailable`, and then no model has seen it; `ModelSilent`.
        """
        if not text.strip():
            raise BadRequest("Write a sentence.")
        hidden = redact(text, await self._detector.detect(text), {}).text
        await to_thread.run_sync(self._tell, Act.MODEL_ASKED, staff)
        return hidden, await to_thread.run_sync(self.standing.ask, models, hidden)

    @cached_property
    def standing(self) -> Standing:
        """Models that are loaded for questions. Errors: `SetupError`."""
        return Standing(engine(self._settings.project))

    def close(self) -> None:
        if "standing" in self.__dict__:
            self.standing.close()

    def _tell(self, act: Act, staff: Staff) -> None:
        with self._database.begin() as tx:
            self._audit.record(tx, act, actor=staff.actor, reason=Reason.ROUTINE)
