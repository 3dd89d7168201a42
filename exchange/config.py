"""Every setting of the program: its environment variable, its default and why it is there.

`load()` reads the variables called `EXCHANGE_<NAME>`. What is wrong is refused by name at the
start; a variable nobody knows is refused too, because it is most often a mistyped one.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from exchange import config_parse as parse
from exchange.config_parse import ConfigError, MailInbox, MailServer

__all__ = ["CHECKOUT", "LABEL_LANGUAGES", "LANGUAGES", "PREFIX", "ConfigError", "Settings"]
__all__ += ["MailInbox", "MailServer", "explain", "load"]

PREFIX = "EXCHANGE_"
CHECKOUT = Path(__file__).resolve().parent.parent

# The languages of pages and mails, and those in which a vocabulary has labels.
LANGUAGES = ("en", "fr", "es", "pt")
LABEL_LANGUAGES = ("en", "fr", "es", "pt")

Parser = Callable[[str], Any]
Default = str | Callable[[Mapping[str, Any]], str]


def setting(default: Default, parser: Parser, why: str, *, secret: bool = False) -> Any:
    """Declare one setting; a callable default gets the settings declared above it."""
    return field(metadata={"default": default, "parse": parser, "why": why, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings, read and checked. Order matters: a default may use those above it."""

    var: Path = setting(
        str(CHECKOUT / "var"), parse.folder, "folder for the database, the queue and the secret key"
    )
    production: bool = setting(
        "0",
        parse.switch,
        "1 on a public server: asks for a secret key, sends cookies over https only",
    )
    database_url: str = setting(
        lambda known: f"sqlite:///{known['var']}/exchange.db",
        parse.database,
        "where the rows live: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
        secret=True,
    )
    broker_url: str = setting(
        "filesystem://",
        parse.broker,
        "the queue: filesystem:// on one machine, redis:// or amqp:// for more",
        secret=True,
    )
    secret_key: str = setting(
        lambda known: parse.kept_secret(known["var"], production=known["production"]),
        parse.secret,
        "signs cookies and links; made once and kept in VAR/secret_key when not given",
        secret=True,
    )
    secret_key_fallbacks: tuple[str, ...] = setting(
        "",
        parse.words,
        "older secret keys, by commas, still accepted while a new one takes over",
        secret=True,
    )
    audit_key: str = setting(
        "",
        parse.text,
        "signs the audit trail; drawn from the secret key when not given, so give one before that "
        "key changes",
        secret=True,
    )
    host: str = setting("127.0.0.1", parse.text, "address the web server listens on")
    port: int = setting("8000", parse.whole(1, 65535), "port the web server listens on")
    public_url: str = setting(
        lambda known: f"http://{known['host']}:{known['port']}",
        parse.web_address,
        "address people use, written into mails",
    )
    trusted_proxies: int = setting(
        "0", parse.whole(0, 10), "how many proxies in front may say who the client is"
    )
    web_workers: int = setting(
        "1", parse.whole(1, 64), "web processes; more than one needs PostgreSQL to be useful"
    )
    web_threads: int = setting(
        "8", parse.whole(1, 256), "requests one web process serves at a time"
    )
    worker_threads: int = setting("4", parse.whole(1, 256), "tasks the worker does at a time")
    sweep_seconds: int = setting(
        "15", parse.whole(1, 3600), "seconds between two looks for work that is due"
    )
    run_patience: int = setting(
        "180",
        parse.whole(2, 3600),
        "seconds without a sign of life after which a run of the matcher goes to another worker",
    )
    mail_url: MailServer = setting(
        "mailbox:",
        parse.mail,
        "mailbox: keeps mails for a page; smtp://USER:PASSWORD@HOST:PORT?tls=starttls sends",
        secret=True,
    )
    mail_from: str = setting(
        "Peer Exchange <no-reply@localhost>", parse.mail_from, "sender of every mail"
    )
    help_address: str = setting(
        "", parse.text, "address where people may ask for help, shown on the page of help"
    )
    mail_reply: str = setting(
        "",
        parse.reply_address,
        "where answers to a mail of an exchange go, such as reply+{token}@example.org; "
        "empty: to the contact of the exchange",
    )
    mail_inbox: MailInbox = setting(
        "",
        parse.inbox,
        "where those answers are read: maildir:///PATH or imaps://USER:PASSWORD@HOST/FOLDER; "
        "empty: nowhere, the mail server pipes them into `exchange mail receive`",
        secret=True,
    )
    quiet_hours: tuple[str, str] = setting(
        "20:00-08:00",
        parse.hours,
        "hours, by each reader's clock, at which only urgent mails are sent; 00:00-00:00 is never",
    )
    quiet_weekends: bool = setting(
        "1", parse.switch, "1 lets mails that are not urgent wait from Saturday until Monday"
    )
    mail_gather: int = setting(
        "20",
        parse.whole(0, 3600),
        "seconds that a mail which can wait stays for others to the same person to go with it",
    )
    mail_timeout: int = setting("20", parse.whole(1, 300), "seconds to wait for the mail server")
    clamd: str = setting(
        "",
        parse.scanner,
        "the virus scanner that looks at every upload: unix:/run/clamav/clamd.ctl or "
        "tcp://HOST:3310; empty: none; while it does not answer no file is taken",
    )
    upload_quota: int = setting(
        "200",
        parse.whole(0, 1_000_000),
        "megabytes that the files of one organisation may take; 0 is no limit",
    )
    time_zone: str = setting("Europe/Madrid", parse.time_zone, "time zone of people who chose none")
    default_language: str = setting(
        "en", parse.one_of(*LANGUAGES), "language of people who chose none"
    )
    cities_from: int = setting(
        "100000",
        parse.number_of(15000, 100000),
        "smallest population of the cities offered in lists",
    )
    rate_limit_url: str = setting(
        "memory://",
        parse.counters,
        "where requests are counted: memory:// with one web process, redis:// with more",
        secret=True,
    )
    session_idle_hours: int = setting(
        "12", parse.whole(1, 720), "hours without a request after which a sign-in ends"
    )
    session_days: int = setting(
        "14", parse.whole(1, 365), "days after which a sign-in ends in any case"
    )
    staff_second_factor: bool = setting(
        lambda known: "1" if known["production"] else "0",
        parse.switch,
        "1 asks the team for a second step when they sign in; on a public server it does",
    )
    oidc_issuer: str = setting(
        "",
        parse.provider,
        "provider of single sign-on (OpenID Connect): https://login.example.org; empty: none",
    )
    oidc_client_id: str = setting("", parse.text, "what the provider calls this program")
    oidc_client_secret: str = setting(
        "", parse.text, "the secret that this program shares with the provider", secret=True
    )
    oidc_name: str = setting("", parse.text, "how people call it: Sign in with …")
    text_encoder: str = setting(
        "builtin",
        parse.encoder,
        "what compares texts: builtin, http:URL#MODEL of a service of embeddings, or folder:PATH",
    )
    text_encoder_key: str = setting(
        "", parse.text, "what the service of embeddings wants as its key", secret=True
    )
    text_encoder_timeout: int = setting(
        "20",
        parse.whole(1, 300),
        "seconds to wait for the service of embeddings before the built-in encoder steps in",
    )
    log_level: str = setting(
        "INFO", parse.one_of("DEBUG", "INFO", "WARNING", "ERROR"), "how much is logged"
    )
    log_format: str = setting(
        "text", parse.one_of("text", "json"), "text for people, json for machines"
    )
    metrics_token: str = setting(
        "",
        parse.text,
        "what a Prometheus sends as its bearer token to read /metrics; empty: no such address",
        secret=True,
    )
    sentry_dsn: str = setting(
        "",
        parse.sentry,
        "where faults are reported (Sentry, extra sentry): https://KEY@HOST/NUMBER; empty: nowhere",
        secret=True,
    )
    otlp_endpoint: str = setting(
        "",
        parse.collector,
        "where requests, tasks and mails are told as traces (OpenTelemetry, extra opentelemetry): "
        "http://COLLECTOR:4318; empty: nowhere",
    )
    demo: bool = setting(
        "1", parse.switch, "1 loads the demonstration when `exchange up` makes a new database"
    )

    @property
    def uses_sqlite(self) -> bool:
        """Is the database a SQLite file?"""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        """The database file; none on a server or in memory."""
        name = self.database_url.partition(":///")[2].partition("?")[0]
        return Path(name) if self.uses_sqlite and name not in ("", ":memory:") else None

    @property
    def broker_folder(self) -> Path:
        """Where the messages of filesystem:// lie."""
        return self.var / "broker"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; ConfigError names what is wrong."""
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    known: dict[str, Any] = {}
    for item in fields(Settings):
        known[item.name] = _value(item, environ, known)
    settings = Settings(**known)
    _check_together(settings)
    return settings


def explain(settings: Settings) -> list[tuple[str, str, str]]:
    """(variable, value, reason) of every setting; secrets are hidden."""
    return [
        (_variable(item), _shown(item, getattr(settings, item.name)), item.metadata["why"])
        for item in fields(Settings)
    ]


def _variable(item: Field[Any]) -> str:
    return PREFIX + item.name.upper()


def _value(item: Field[Any], environ: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    variable = _variable(item)
    raw = environ.get(variable, "").strip()
    if not raw:
        default = item.metadata["default"]
        raw = default(known) if callable(default) else default
    try:
        return item.metadata["parse"](raw)
    except ValueError as problem:
        shown = "(hidden)" if item.metadata["secret"] else repr(raw)
        raise ConfigError(f"{variable}={shown} is not accepted: {problem}") from None


def _shown(item: Field[Any], value: Any) -> str:
    if item.name == "quiet_hours":
        return "-".join(value)
    if isinstance(value, tuple):
        return "(hidden)" if value else ""
    if isinstance(value, MailInbox):
        return str(value)
    if item.metadata["secret"]:
        return parse.without_password(str(value)) if "url" in item.name else "(hidden)"
    return "1" if value is True else "0" if value is False else str(value)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    names = [_variable(item) for item in fields(Settings)]
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in names:
            near = get_close_matches(variable, names, n=1, cutoff=0.0)
            raise ConfigError(f"{variable} is no setting; the nearest is {near[0]}")


def _check_together(settings: Settings) -> None:
    if settings.web_workers > 1 and settings.rate_limit_url == "memory://":
        raise ConfigError(
            f"{PREFIX}WEB_WORKERS={settings.web_workers} needs {PREFIX}RATE_LIMIT_URL=redis://…: "
            "counts in memory:// are not shared between processes"
        )
    if settings.mail_inbox and not settings.mail_reply:
        raise ConfigError(
            f"{PREFIX}MAIL_INBOX needs {PREFIX}MAIL_REPLY=reply+{{token}}@…: "
            "no mail would name the exchange that it answers to"
        )
    if settings.oidc_issuer and not settings.oidc_client_id:
        raise ConfigError(f"{PREFIX}OIDC_ISSUER needs {PREFIX}OIDC_CLIENT_ID")
    if settings.sentry_dsn and find_spec("sentry_sdk") is None:
        raise ConfigError(
            f"{PREFIX}SENTRY_DSN needs the extra sentry, which is not installed "
            "(uv sync --inexact --extra sentry): no fault would be reported"
        )
    if settings.otlp_endpoint and not _is_there("opentelemetry.exporter.otlp.proto.http"):
        raise ConfigError(
            f"{PREFIX}OTLP_ENDPOINT needs the extra opentelemetry, which is not installed "
            "(uv sync --inexact --extra opentelemetry): no trace would be sent"
        )
    if settings.production and settings.mail_url.kind == "mailbox":
        raise ConfigError(
            f"{PREFIX}PRODUCTION=1 needs {PREFIX}MAIL_URL=smtp://…: nobody would get a mail"
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the folder it lies in
        return False
