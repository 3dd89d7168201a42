"""Settings: defaults, what is refused and with which words."""

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from exchange import config
from exchange.config import ConfigError, Settings, load

KEY = "k" * 32


@pytest.fixture
def base(tmp_path: Path) -> dict[str, str]:
    return {"EXCHANGE_VAR": str(tmp_path / "var")}


def test_defaults_are_enough(base: dict[str, str], tmp_path: Path) -> None:
    settings = load(base)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/exchange.db"
    assert settings.sqlite_file == tmp_path / "var" / "exchange.db"
    assert settings.broker_folder == tmp_path / "var" / "broker"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.mail_url.kind, settings.demo, settings.web_threads) == ("mailbox", True, 8)


def test_the_secret_key_is_made_once_for_its_owner_only(base: dict[str, str]) -> None:
    first, second = load(base), load(base)
    file = first.var / "secret_key"
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in first.var.iterdir()] == ["secret_key"]


def test_the_first_of_two_starts_keeps_its_key(base: dict[str, str], monkeypatch) -> None:
    """Both see no key; the second to write finds the first one's and takes it."""
    key = load(base).secret_key
    answers = iter([False])
    real = Path.exists
    monkeypatch.setattr(
        Path,
        "exists",
        lambda path: next(answers, True) if path.name == "secret_key" else real(path),
    )
    assert load(base).secret_key == key


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PORT", "80a", "whole number from 1 to 65535"),
        ("PORT", "0", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("PORT", "-1", "whole number from 1 to 65535"),
        ("PORT", "²", "whole number from 1 to 65535"),
        ("DEMO", "yes", "0 or 1"),
        ("DATABASE_URL", "mysql://x/y", "sqlite:///FILE or postgresql://"),
        ("DATABASE_URL", "sqlite://file", "sqlite:///FILE or postgresql://"),
        ("BROKER_URL", "sqla+sqlite://", "filesystem://, redis://"),
        ("RATE_LIMIT_URL", "disk://", "memory:// or begin with redis://"),
        ("PUBLIC_URL", "exchange.example.org", "https://exchange.example.org"),
        ("TIME_ZONE", "Mars/Olympus", "Africa/Maputo"),
        ("TIME_ZONE", "../../etc/passwd", "Africa/Maputo"),
        ("DEFAULT_LANGUAGE", "de", "en, fr, es"),
        ("CITIES_FROM", "5000", "15000, 100000"),
        ("MAIL_URL", "imap://x", "mailbox: or look like smtp://"),
        ("MAIL_URL", "smtp://x?tls=maybe", "starttls, implicit, none"),
        ("MAIL_FROM", "nobody", "Peer Exchange <exchange@example.org>"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("TEXT_ENCODER", "torch", "builtin, http:URL or folder:PATH"),
        ("TEXT_ENCODER", "http:https://me:pw@x.org/embeddings", "no password"),
        ("TEXT_ENCODER_TIMEOUT", "0", "whole number from 1 to 300"),
        ("LOG_FORMAT", "xml", "text, json"),
        ("VAR", __file__, "this is a file"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    base: dict[str, str], variable: str, value: str, words: str
) -> None:
    with pytest.raises(ConfigError) as refusal:
        load({**base, f"EXCHANGE_{variable}": value})
    assert str(refusal.value).startswith(f"EXCHANGE_{variable}=")
    assert words in str(refusal.value)


def test_a_refused_secret_is_not_printed(base: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as refusal:
        load({**base, "EXCHANGE_DATABASE_URL": "mysql://root:hunter2@host/db"})
    assert "hunter2" not in str(refusal.value)


def test_an_unknown_variable_is_refused_with_the_nearest_name(base: dict[str, str]) -> None:
    with pytest.raises(
        ConfigError, match="EXCHANGE_PROT is no setting; the nearest is EXCHANGE_PORT"
    ):
        load({**base, "EXCHANGE_PROT": "1"})


def test_an_empty_variable_means_the_default(base: dict[str, str]) -> None:
    assert load({**base, "EXCHANGE_PORT": " "}).port == 8000


@pytest.mark.parametrize("url", ["postgres://u:p@h/n", "postgresql://u:p@h/n"])
def test_postgresql_gets_its_driver(base: dict[str, str], url: str) -> None:
    settings = load({**base, "EXCHANGE_DATABASE_URL": url})
    assert settings.database_url == "postgresql+psycopg://u:p@h/n"
    assert (settings.uses_sqlite, settings.sqlite_file) == (False, None)


def test_sqlite_in_memory_has_no_file(base: dict[str, str]) -> None:
    assert load({**base, "EXCHANGE_DATABASE_URL": "sqlite://"}).sqlite_file is None
    assert load({**base, "EXCHANGE_DATABASE_URL": "sqlite:///:memory:"}).sqlite_file is None


def test_a_relative_sqlite_file_is_made_absolute(base: dict[str, str]) -> None:
    settings = load({**base, "EXCHANGE_DATABASE_URL": "sqlite:///x.db"})
    assert settings.sqlite_file == Path("x.db").absolute()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", ("mail", 25, "", "none")),
        ("smtp://mail?tls=starttls", ("mail", 587, "", "starttls")),
        ("smtp://u%40x:p%2Fq@mail:2525?tls=implicit", ("mail", 2525, "p/q", "implicit")),
    ],
)
def test_a_mail_server_is_read(
    base: dict[str, str], url: str, expected: tuple[object, ...]
) -> None:
    server = load({**base, "EXCHANGE_MAIL_URL": url}).mail_url
    assert (server.host, server.port, server.password, server.tls) == expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("maildir:///var/mail/replies", "maildir:///var/mail/replies"),
        ("imaps://re%40px:h%2Fnter4@mail", "imaps://re%40px@mail:993/INBOX"),
        ("imap://re:hnter4@mail:1143/A%20B", "imap://re@mail:1143/A%20B"),
    ],
)
def test_a_box_of_answers_is_read_and_shown_without_its_password(
    base: dict[str, str], url: str, shown: str
) -> None:
    facts = {"EXCHANGE_MAIL_INBOX": url, "EXCHANGE_MAIL_REPLY": "reply+{token}@px.test"}
    settings = load({**base, **facts})
    assert str(settings.mail_inbox) == shown
    assert "nter4" not in repr(config.explain(settings)) + repr(settings.mail_inbox)
    with pytest.raises(ConfigError, match="EXCHANGE_MAIL_REPLY"):
        load({**base, "EXCHANGE_MAIL_INBOX": url})


@pytest.mark.parametrize("url", ["pop3://u:p@h", "maildir://", "imaps://host/INBOX", "/var/mail"])
def test_a_box_that_nobody_can_read_is_refused(base: dict[str, str], url: str) -> None:
    with pytest.raises(ConfigError, match=r"EXCHANGE_MAIL_INBOX=\(hidden\)"):
        load({**base, "EXCHANGE_MAIL_INBOX": url, "EXCHANGE_MAIL_REPLY": "r+{token}@px.test"})


def test_production_asks_for_a_secret_key_and_a_mail_server(base: dict[str, str]) -> None:
    production = {**base, "EXCHANGE_PRODUCTION": "1"}
    with pytest.raises(ConfigError, match="EXCHANGE_SECRET_KEY"):
        load(production)
    with pytest.raises(ConfigError, match="EXCHANGE_MAIL_URL"):
        load({**production, "EXCHANGE_SECRET_KEY": KEY})
    complete = {"EXCHANGE_SECRET_KEY": KEY, "EXCHANGE_MAIL_URL": "smtp://mail"}
    assert load({**production, **complete}).production


def test_counts_in_memory_are_refused_with_two_web_processes(base: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="EXCHANGE_RATE_LIMIT_URL"):
        load({**base, "EXCHANGE_WEB_WORKERS": "2"})


def test_an_unwritable_folder_is_one_clear_line() -> None:
    with pytest.raises(ConfigError, match="set EXCHANGE_VAR to a folder that can be written to"):
        load({"EXCHANGE_VAR": "/proc/exchange"})


def test_explain_gives_every_setting_a_reason_and_hides_secrets(base: dict[str, str]) -> None:
    settings = load(
        {
            **base,
            "EXCHANGE_SECRET_KEY": KEY,
            "EXCHANGE_SECRET_KEY_FALLBACKS": "one-old-key, another",
            "EXCHANGE_DATABASE_URL": "postgresql://u:hunter2@h/n",
            "EXCHANGE_MAIL_URL": "smtp://u:hunter3@mail",
        }
    )
    rows = config.explain(settings)
    assert [row[0] for row in rows] == [
        f"EXCHANGE_{item.name.upper()}" for item in fields(Settings)
    ]
    assert all(row[2] for row in rows)
    text = repr(rows)
    assert "(hidden)" in text
    for secret in (KEY, "hunter2", "hunter3", "one-old-key"):
        assert secret not in text
    assert "hunter3" not in repr(settings.mail_url)


def test_fallback_keys_are_a_list(base: dict[str, str]) -> None:
    settings = load({**base, "EXCHANGE_SECRET_KEY_FALLBACKS": "a, b,"})
    assert settings.secret_key_fallbacks == ("a", "b")
