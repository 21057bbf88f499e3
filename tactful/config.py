"""Settings: one table of name, default and help, read from the environment (`TACTFUL_<NAME>`)."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tactful.secret_files import SecretFiles, credential

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an installation can set. `tactful settings` prints this table."""

    model_config = SettingsConfigDict(env_prefix="TACTFUL_", env_file=".env", extra="ignore")

    host: str = Field("127.0.0.1", description="address the door listens on")
    port: int = Field(8380, description="port the door listens on")
    engine_port: int = Field(0, description="loopback port of the Rasa engine; 0 means the one after TACTFUL_PORT")
    engine_host: str = Field("127.0.0.1", description="address the engine listens on")
    engine_urls: str = Field(
        "", description="engines on other machines, between commas; empty means the one that tactful up starts"
    )
    engine_secret: str = Field(
        "", description="what doors show engines; empty means one made from the master key", repr=False
    )
    engine_pointer: Path | None = Field(
        None, description="file that says which engine answers; tactful up sets it, empty means TACTFUL_ENGINE_PORT"
    )
    actions_port: int = Field(
        0, description="port where the door serves custom actions; 0 means the second after TACTFUL_PORT"
    )
    actions_host: str = Field("127.0.0.1", description="address on which the door serves custom actions, for engines")
    actions_urls: str = Field(
        "", description="where an engine finds custom actions, between commas: the doors' TACTFUL_ACTIONS_PORT"
    )
    actions_secret: str = Field(
        "", description="what engines show doors; empty means one made from the master key", repr=False
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="addresses or networks of proxies whose X-Forwarded-For is believed, between commas"
    )
    leave_s: float = Field(
        0.0, description="seconds between being asked to stop and refusing connections, for load balancers to notice"
    )
    project: Path = Field(ROOT, description="folder of the Rasa assistant, privacy.yml, widget/ and help/")
    home: Path = Field(ROOT / "var", description="folder of everything this installation keeps: database, keys, logs")
    database_url: str = Field(
        "",
        description="database; empty means SQLite in TACTFUL_HOME",
        validation_alias=AliasChoices("DATABASE_URL", "TACTFUL_DATABASE_URL"),
    )
    tracker_url: str = Field(
        "",
        description="PostgreSQL database of Rasa's conversations, with a login of the engine's own; empty means "
        "DATABASE_URL, with the door's",
        repr=False,
    )
    master_key: str = Field(
        "",
        description="base64 of 32 bytes, several newest first between commas; empty means TACTFUL_HOME/keys.json",
        repr=False,
    )
    master_key_file: Path | None = Field(
        default_factory=lambda: credential("master_key"), description="file with the same"
    )
    audit_anchor_copy: Path | None = Field(
        None, description="second file for the audit log's anchor, best on another machine's disk"
    )
    tombstones: Path | None = Field(
        None, description="file that says who was erased; empty means in TACTFUL_HOME. Several doors share one"
    )
    backup_days: int = Field(
        730,
        description="for how many days backups are kept: what was refused before is forgotten, and a restored backup "
        "that is older allows nothing; 0 for ever",
    )
    pg_tools: Path | None = Field(
        None,
        description="folder of pg_dump and pg_restore, for backups; empty means where they are usual",
    )
    retention_hours: float = Field(1.0, description="hours between deletions of what is past its end date; 0 for never")
    outbox_days: int = Field(30, description="how long events for other systems are kept after delivery, in days")
    relay_url: str = Field(
        "", description="RabbitMQ to which tactful relay delivers events, amqp:// or amqps://", repr=False
    )
    relay_exchange: str = Field("tactful", description="topic exchange there; the routing key is the event's kind")
    audit_days: int = Field(1095, description="how long entries of the audit log are kept, in days")
    controller: str = Field("", description="who is responsible, as the records of processing name them")
    controller_contact: str = Field("", description="how the controller is reached")
    data_protection_officer: str = Field("", description="the data protection officer's contact")
    recipients: list[str] = Field([], description="who else receives personal data, for example a hosting company")
    transfers: str = Field("", description="transfers to third countries and their safeguards")
    allowed_origins: list[str] = Field(["*"], description="origins whose pages may embed the widget")
    frame_ancestors: str = Field("'self'", description="who may frame the demo page (CSP)")
    session_days: int = Field(30, description="how long a conversation's token is valid, in days")
    message_characters: int = Field(4000, description="longest message, in characters")
    body_bytes: int = Field(65536, description="largest request body, in bytes")
    connections: int = Field(2000, description="connections that may be open at once")
    connections_per_address: int = Field(200, description="connections that one client address may hold at once")
    import_bytes: int = Field(5_000_000, description="largest export that can be taken back in, in bytes")
    rate_messages: str = Field("20/minute", description="messages allowed per conversation")
    rate_conversations: str = Field("30/minute", description="new conversations allowed per client address")
    rate_requests: str = Field("600/minute", description="requests allowed per client address")
    rate_receipts: str = Field("20/minute", description="receipts looked up by their code per client address")
    detector_budget_ms: int = Field(250, description="time to look for personal data in one message, in milliseconds")
    detector_workers: int = Field(1, description="detector processes")
    turn_deadline_s: float = Field(15.0, description="how long the engine may take for one turn, in seconds")
    turn_workers: int = Field(8, description="conversations that may be with the engine at once")
    customer_jwt_key: str = Field("", description="secret or public key that signs customer tokens", repr=False)
    customer_jwt_algorithm: str = Field("HS256", description="HS256, RS256 or ES256")
    customer_jwt_audience: str = Field("tactful", description="audience that a customer token must name")
    customer_jwt_minutes: int = Field(
        60, description="longest life of a customer token that has a jti; without one it is five minutes"
    )
    public_url: str = Field(
        "", description="address under which people reach the door; empty means http://HOST:PORT of these settings"
    )
    console_idle_minutes: int = Field(60, description="minutes after which an unused console session ends")
    console_session_hours: int = Field(12, description="hours after which a console session ends in any case")
    console_link_hours: int = Field(24, description="hours that a one-time link to set a password is valid")
    reveal_minutes: int = Field(
        10, ge=1, le=60, description="how long staff may look at a hidden value once a second person agreed, in minutes"
    )
    oidc_issuer: str = Field("", description="the company's own sign-in for the console: its OpenID Connect issuer")
    oidc_client_id: str = Field("", description="the console's client id there; redirect URI: /console/oidc/callback")
    oidc_client_secret: str = Field("", description="its client secret; empty for a public client", repr=False)
    oidc_scope: str = Field("openid profile email", description="scopes to ask for; some providers want one for roles")
    oidc_roles_claim: str = Field("roles", description="claim of the identity token that tells what somebody may do")
    oidc_roles: dict[str, str] = Field(
        {}, description='value of that claim → roles, as JSON: {"support": "agent,reviewer"}; without one, no entry'
    )
    oidc_label: str = Field("Sign in with your company account", description="what the button to that sign-in says")
    review_reviewers: int = Field(
        1, ge=1, le=5, description="how many people review a message, each blind to the others"
    )
    review_minutes: float = Field(
        15.0, description="how long a message stays with the reviewer who opened it, in minutes"
    )
    review_unsure_below: float = Field(
        0.75, ge=0, le=1, description="confidence below which an answered message is queued for review"
    )
    review_sample: float = Field(
        0.05, ge=0, le=1, description="share of all messages that is drawn by chance for the audit sample"
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_format: Literal["text", "json"] = Field(
        "text", description="text, a line for people, or json, an object a line for a collector of logs"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Secrets may also come from files; what is said nearer counts."""
        return init_settings, env_settings, dotenv_settings, SecretFiles(settings_cls)

    @model_validator(mode="after")
    def follow_port(self) -> Self:
        """Choosing one port is enough: the inner two follow it."""
        self.engine_port = self.engine_port or self.port + 1
        self.actions_port = self.actions_port or self.port + 2
        return self

    @cached_property
    def database(self) -> str:
        """SQLAlchemy URL of the store."""
        return _with_driver(self.database_url) or f"sqlite:///{self.home / 'tactful.db'}"

    @cached_property
    def tracker_database(self) -> str:
        """SQLAlchemy URL of the database that holds Rasa's conversations; SQLite's has a file of its own."""
        return _with_driver(self.tracker_url) or self.database

    @property
    def address(self) -> str:
        """Where people reach the door, without a slash at its end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def engine_url(self) -> str:
        return f"http://127.0.0.1:{self.engine_port}"

    @property
    def engines(self) -> tuple[str, ...]:
        """Addresses of the engines on other machines."""
        return _parts(self.engine_urls)

    @property
    def actions(self) -> tuple[str, ...]:
        """Where an engine finds custom actions, each as good as the other."""
        return tuple(
            f"{url}/actions" for url in _parts(self.actions_urls) or (f"http://127.0.0.1:{self.actions_port}",)
        )


def _parts(urls: str) -> tuple[str, ...]:
    return tuple(url.strip().rstrip("/") for url in urls.split(",") if url.strip())


def _with_driver(url: str) -> str:
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
