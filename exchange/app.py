"""The composition root: the only place, with the worker, that knows everybody."""

from contextlib import suppress
from datetime import time, timedelta
from typing import Any

import structlog
from flask import Flask, request
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from exchange import (
    api,
    edge,
    edge_audit,
    edge_log,
    edge_rows,
    edge_seen,
    edge_why,
    fault_reports,
    trace,
    tracing,
    web,
)
from exchange.accounts import sealing
from exchange.api import errors as api_errors
from exchange.audit import many, recording
from exchange.audit import sealing as audit_sealing
from exchange.config import CHECKOUT, Settings, load
from exchange.extensions import db
from exchange.limits import config_of, limiter
from exchange.matching import shelf
from exchange.messages import compose
from exchange.models import configure_mappers
from exchange.processes import starting
from exchange.transaction import let_go_in_peace, prepare_server, prepare_sqlite, read_only
from exchange.web import errors as web_errors
from tasks import listeners

log = structlog.get_logger()
babel, migrate, csrf = Babel(), Migrate(), CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application: configuration, database, faces.

    :param settings: read from the environment when not given.
    """
    with starting():
        return _made(settings or load())


def _made(settings: Settings) -> Flask:
    app = Flask(__name__, template_folder=str(CHECKOUT / "templates"), static_folder="static")
    # Before any address is written.
    app.url_map.converters |= {
        "int": edge_rows.RowNumber,
        **dict.fromkeys(("default", "string"), edge_rows.RowWord),
    }
    app.config.update(_flask_config(settings))
    _behind_proxies(app, settings.trusted_proxies)
    edge_log.register(app, _counter(settings))
    fault_reports.use(settings)
    tracing.use(settings)
    _database(app, settings)
    babel.init_app(app, locale_selector=edge.language, timezone_selector=edge.time_zone)
    csrf.init_app(app)
    limiter.init_app(app)
    edge_audit.register(app)
    edge_seen.register(app)
    web.register(app)
    api.register(app, csrf)
    # Mail programs send this form by themselves: its signed address is what they hold.
    csrf.exempt("exchange.web.mail_links.leave")
    # Harvesters ask by form as well, and change nothing.
    csrf.exempt("exchange.web.oai.answer")
    # Both: the API's library has put its own handler on HTTPException.
    for kind in (HTTPException, Exception):
        app.register_error_handler(kind, _answer)
    compose.use(
        app,
        compose.House(
            settings.public_url,
            settings.mail_from,
            settings.default_language,
            edge_why.mail_lines,
            (*reversed(settings.secret_key_fallbacks), settings.secret_key),
            settings.mail_reply,
            _quiet(settings),
            timedelta(seconds=settings.mail_gather),
        ),
    )
    sealing.use(app, (settings.secret_key, *settings.secret_key_fallbacks))
    shelf.use(lambda: _encoder(settings))
    listeners.connect(app)
    return app


def _counter(settings: Settings) -> edge_log.Count | None:
    if not settings.metrics_token:
        return None
    from exchange.operations.metrics import count  # late: the library, for who counts

    return count


def _quiet(settings: Settings) -> compose.Quiet:
    begins, ends = (time.fromisoformat(hour) for hour in settings.quiet_hours)
    return compose.Quiet(begins, ends, settings.quiet_weekends)


def _encoder(settings: Settings) -> Any:
    from exchange.matching.text.choose import encoder_or_built_in  # late: numpy, for who matches

    return encoder_or_built_in(
        settings.text_encoder,
        settings.var / "encoder.db",
        key=settings.text_encoder_key,
        timeout=settings.text_encoder_timeout,
    )


def _answer(error: Exception) -> Any:
    """Whatever goes wrong is answered by the face that was asked; nothing stays half-saved."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        # Flask wraps what went wrong outside the view, when the answer was finished: a database
        # that is away is away there, too, and a fault of ours belongs in the log.
        error = error.original_exception
    with suppress(DBAPIError):  # a database that has gone keeps nothing anyway
        db.session.rollback()
    if isinstance(error, RequestEntityTooLarge):
        edge.drop_body()
    face = api_errors if request.path.startswith("/api/") else web_errors
    try:
        with read_only():  # whoever holds the database must not keep the reason from being told
            return face.answer(error)
    except Exception as problem:  # there is nobody left to answer this one
        log.error("the page of an error failed", exc_info=problem, first=repr(type(error)))
        fault_reports.report(problem, endpoint=request.endpoint or "")
        return _last_words()


def _last_words() -> Any:
    """What can be said without templates, languages and a database."""
    words = "503 · Please try again · Réessayez · Inténtelo de nuevo · Tente de novo"
    text = f"{words}\n{trace.current()}\n"
    return text, 503, {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "10"}


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "EXCHANGE": settings,
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _connections(settings),
        # A browser takes a "__Host-" cookie only over https and from this very host.
        "SESSION_COOKIE_NAME": "__Host-exchange" if settings.production else "exchange",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=settings.session_days),
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": settings.default_language,
        "BABEL_DEFAULT_TIMEZONE": settings.time_zone,
        "BABEL_TRANSLATION_DIRECTORIES": str(CHECKOUT / "exchange" / "translations"),
        "WTF_CSRF_TIME_LIMIT": None,
        **config_of(settings.rate_limit_url),
    }


def _connections(settings: Settings) -> dict[str, Any]:
    """How many connections a process keeps, and how long it waits for one.

    Each thread holds one, and at times a second for a moment (a visit that is noted apart): so the
    pool cannot be the narrowest place.
    """
    # What people typed stands in the values of a statement: no fault may write it into the log.
    hidden = {"hide_parameters": True}
    if settings.uses_sqlite and settings.sqlite_file is None:  # in memory: one connection for all
        return hidden
    threads = max(settings.web_threads, settings.worker_threads)
    pool: dict[str, Any] = {"pool_size": threads, "max_overflow": threads + 2, "pool_timeout": 5}
    pool |= hidden
    if settings.uses_sqlite:
        return pool
    # A server may have restarted since: a connection is looked at before it is used.
    return {**pool, "pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def _behind_proxies(app: Flask, hops: int) -> None:
    """Believe what that many proxies say of the client, and no one else: limits count by it."""
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask's documents wrap it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _database(app: Flask, settings: Settings) -> None:
    recording.connect()
    many.connect()
    configure_mappers()  # a relationship that names nothing is found at start, not by a visitor
    recording.remember_before()
    known = (settings.secret_key, *settings.secret_key_fallbacks)
    app.extensions[audit_sealing.KEYS] = audit_sealing.keys_of(settings.audit_key, known)
    db.init_app(app)
    let_go_in_peace(app)
    migrate.init_app(
        app, db, directory=str(CHECKOUT / "migrations"), render_as_batch=True, compare_type=True
    )
    with app.app_context():
        (prepare_sqlite if settings.uses_sqlite else prepare_server)(db.engine)
