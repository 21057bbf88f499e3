"""What every process of an installation is handed before anything is put together: secrets, the register of models.

Apart from `bootstrap`, which takes seconds to import: a supervisor needs none of a door.
"""

from tactful.config import Settings
from tactful.learn.jobs import Jobs
from tactful.learn.registry import Registry
from tactful.store.crypto import KeyRing
from tactful.times import clock

RETURNS = "return"  # going back to the champion before waits for no other work


def engine_secret(settings: Settings, ring: KeyRing) -> str:
    """What a door shows an engine."""
    return settings.engine_secret or ring.derive("engine-channel").hex()


def actions_secret(settings: Settings, ring: KeyRing) -> str:
    """What an engine shows a door."""
    return settings.actions_secret or ring.derive("actions").hex()


def jobs(settings: Settings, name: str = "job") -> Jobs:
    """The long work on this installation's models."""
    return Jobs(settings.home / "run", clock, name)


def registry(settings: Settings, ring: KeyRing | None = None) -> Registry:
    """The models of this installation. Errors: `SetupError`."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = (ring or KeyRing.from_settings(settings)).derive("model-registry")
    return Registry(settings.home / "models.json", key, clock)
