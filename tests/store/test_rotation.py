"""Keys are rotated while others read and write: nobody fails, and nothing is lost."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tactful.config import Settings
from tactful.errors import BadRequest, DecryptionFailed, SetupError
from tactful.privacy.policy import Policy
from tactful.profile import facts, subjects
from tactful.profile.facts import Writing
from tactful.store import rotation as module
from tactful.store.anchor import Anchors
from tactful.store.audit import Actor, AuditLog, Role
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
from tactful.store.keyring import KeyFile
from tactful.store.rotation import KeyRotation
from tactful.store.tables import subjects as table
from tests.conftest import ROOT, Clock

OPERATOR = Actor(Role.OPERATOR)


class Installation:
    """A database and a home with a key file; as many doors on them as a test wants."""

    def __init__(self, database: Database, url: str, home: Path, policy: Policy, clock: Clock) -> None:
        self.database, self.url, self.home, self.policy, self.clock = database, url, home, policy, clock
        self.ring = KeyRing.from_settings(Settings(home=home))

    @property
    def rotation(self) -> KeyRotation:
        """As the command line has it: a process of its own, a ring of its own."""
        ring = KeyRing.from_settings(Settings(home=self.home))
        audit = AuditLog(ring, self.policy, self.clock, Anchors([self.home / "audit.anchor"]))
        return KeyRotation(self.database, ring, KeyFile(self.home / "keys.json"), audit)

    def customer(self, home: str, ring: KeyRing | None = None) -> str:
        ring = ring or self.ring
        with self.database.begin() as tx:
            subject_id = subjects.create(tx, ring, now=self.clock())
            writing = Writing("told", self.clock())
            facts.apply(tx, SubjectCipher(ring), self.policy, subject_id, {"home": home}, writing)
        return subject_id

    def home_of(self, subject_id: str, ring: KeyRing | None = None) -> str:
        with self.database.read() as tx:
            return str(facts.load(tx, SubjectCipher(ring or self.ring), subject_id, self.clock())["home"].value)


@pytest.fixture
def here(database: Database, url: str, tmp_path: Path, policy: Policy, clock: Clock) -> Installation:
    return Installation(database, url, tmp_path, policy, clock)


def test_after_a_rotation_the_new_key_wraps_everything_and_the_old_one_can_go(here: Installation) -> None:
    customers = [here.customer(f"City {number}") for number in range(5)]
    old = here.ring.current
    done = here.rotation.rotate(OPERATOR)
    assert (done.new, done.rewrapped) == (True, 5)
    assert here.rotation.wrapped() == {done.current: 5}
    here.rotation.retire(old, OPERATOR)
    fresh = KeyRing.from_settings(Settings(home=here.home))
    assert fresh.ids == [done.current]
    assert [here.home_of(each, fresh) for each in customers] == [f"City {number}" for number in range(5)]


def test_a_key_in_use_unknown_or_current_is_not_retired(here: Installation) -> None:
    here.customer("Porto")
    old = here.ring.current
    with pytest.raises(BadRequest, match="current"):
        here.rotation.retire(old, OPERATOR)
    KeyFile(here.home / "keys.json").add()
    with pytest.raises(BadRequest, match="still wraps 1"):
        here.rotation.retire(old, OPERATOR)
    with pytest.raises(BadRequest, match="no key"):
        here.rotation.retire("00000000", OPERATOR)
    assert old in KeyRing.from_settings(Settings(home=here.home)).ids


def test_a_rotation_that_was_broken_off_is_finished_without_another_key(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for number in range(5):
        here.customer(f"City {number}")

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        here.rotation.rotate(OPERATOR, stop)
    assert sorted(here.rotation.wrapped().values()) == [2, 3]
    done = here.rotation.rotate(OPERATOR)
    assert (done.new, done.rewrapped) == (False, 3)
    assert here.rotation.wrapped() == {done.current: 5}


def test_an_erased_subject_has_no_key_to_wrap(here: Installation) -> None:
    erased = here.customer("Porto")
    with here.database.begin() as tx:
        tx.execute(update(table).where(table.c.id == erased).values(wrapped_key=None, erased_at=1))
    assert here.rotation.rotate(OPERATOR).rewrapped == 0


def test_keys_swapped_between_subjects_stop_the_rotation_with_a_clear_error(here: Installation) -> None:
    one, other = here.customer("Porto"), here.customer("Lisbon")
    with here.database.begin() as tx:
        keys = dict(tx.execute(select(table.c.id, table.c.wrapped_key)).all())  # type: ignore[arg-type]
        for subject_id, key in ((one, keys[other]), (other, keys[one])):
            tx.execute(update(table).where(table.c.id == subject_id).values(wrapped_key=key))
    for act in (lambda: here.home_of(one), lambda: here.rotation.rotate(OPERATOR)):
        with pytest.raises(DecryptionFailed) as failed:
            act()
        assert "Porto" not in str(failed.value)


def test_handed_in_keys_are_rotated_where_they_come_from(here: Installation) -> None:
    old, new = bytes(range(32)), bytes(range(1, 33))
    before, after = KeyRing.of(old), KeyRing.of(new, old)
    subject_id = here.customer("Porto", before)

    def rotation(ring: KeyRing) -> KeyRotation:
        audit = AuditLog(ring, here.policy, here.clock, Anchors([here.home / "audit.anchor"]))
        return KeyRotation(here.database, ring, None, audit)

    with pytest.raises(SetupError, match="TACTFUL_MASTER_KEY=NEW,OLD"):
        rotation(before).rotate(OPERATOR)
    assert rotation(after).rotate(OPERATOR).rewrapped == 1
    assert rotation(after).wrapped() == {after.current: 1}
    assert here.home_of(subject_id, after) == "Porto"
    with pytest.raises(SetupError, match="root key"):
        rotation(after).retire(before.current, OPERATOR)


BUSY = """
import sys
from pathlib import Path
from tactful.config import Settings
from tactful.privacy.policy import Policy
from tactful.profile import facts, subjects
from tactful.store.crypto import KeyRing, SubjectCipher
from tactful.store.database import Database
home, database, policy = Path(sys.argv[1]), Database(sys.argv[2]), Policy.load(Path("privacy.yml"))
ring = KeyRing.from_settings(Settings(home=home))
cipher, now = SubjectCipher(ring), 1_800_000_000_000

def home_of(customer):
    with database.read() as tx:
        return facts.load(tx, cipher, customer, now)["home"].value

print("ready", flush=True)
count = 0
while not (home / "stop").exists():
    with database.begin() as tx:
        customer = subjects.create(tx, ring, now=now)
        facts.apply(tx, cipher, policy, customer, {"home": "Lisbon"}, facts.Writing("told", now))
    assert home_of(customer) == "Lisbon"
    assert home_of(sys.argv[3]) == "Porto"
    count += 1
print(count)
"""


def test_nobody_fails_while_keys_are_rotated_in_threads_and_in_another_process(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 5)
    known = [here.customer("Porto") for _ in range(60)]
    other = subprocess.Popen(
        [sys.executable, "-c", BUSY, str(here.home), here.url, known[0]],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout
    assert other.stdout.readline() == "ready\n", other.communicate(timeout=30)[1]
    failures: list[BaseException] = []
    served: list[int] = []
    stop = threading.Event()

    def door() -> None:
        try:
            cipher_ring, turns = KeyRing.from_settings(Settings(home=here.home)), 0
            while not stop.is_set():
                assert here.home_of(known[turns % len(known)], cipher_ring) == "Porto"
                if turns % 5 == 0:
                    here.home_of(here.customer("Lisbon", cipher_ring), cipher_ring)
                turns += 1
            served.append(turns)
        except BaseException as failure:  # a thread's failure must reach the test
            failures.append(failure)

    threads = [threading.Thread(target=door) for _ in range(3)]
    for thread in threads:
        thread.start()
    retired = 0
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        old = KeyRing.from_settings(Settings(home=here.home)).current
        here.rotation.rotate(OPERATOR)
        try:
            here.rotation.retire(old, OPERATOR)
            retired += 1
        except BadRequest:  # a door wrapped one more by it meanwhile
            here.rotation.rotate(OPERATOR)
    stop.set()
    (here.home / "stop").touch()
    for thread in threads:
        thread.join()
    said, complaint = other.communicate(timeout=30)
    assert failures == []
    assert other.returncode == 0, complaint
    assert int(said) > 0
    assert len(served) == 3
    assert retired > 0
    fresh = KeyRing.from_settings(Settings(home=here.home))
    with here.database.read() as tx:
        everybody = tx.execute(select(table.c.id)).scalars().all()
    assert {here.home_of(each, fresh) for each in everybody} >= {"Porto", "Lisbon"}
