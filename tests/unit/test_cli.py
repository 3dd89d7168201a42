"""The command line: its help is light, its errors are one line and exit code 2."""

import subprocess
import sys

import click
import pytest

from exchange import cli
from exchange.config import ConfigError
from exchange.errors import Conflict, NotFound


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    printed = capsys.readouterr()
    return int(end.value.code or 0), printed.out, printed.err


def test_help_lists_every_command_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for name, (_, text) in cli.COMMANDS.items():
        assert name in out
        assert text in " ".join(out.split())


def test_help_imports_no_application() -> None:
    script = (
        "import sys\n"
        "from exchange.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'flask', 'sqlalchemy', 'celery', 'exchange.app'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_can_be_called_for_help(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: exchange {name}")


def test_an_unknown_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "nothing")
    assert (code, err.count("\n")) == (2, 1)
    assert "nothing" in err


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (ConfigError("EXCHANGE_PORT=x\nis wrong"), "exchange: EXCHANGE_PORT=x is wrong\n"),
        (NotFound("nameless", reference="PX-1"), "nameless {'reference': 'PX-1'}"),
        (Conflict("moved_on", state="draft"), "moved on while you were looking"),
        (click.UsageError("say more"), "exchange: say more\n"),
    ],
)
def test_what_a_person_can_put_right_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    words: str,
) -> None:
    @click.command()
    def fails() -> None:
        raise problem

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: fails)
    code, _, err = run(capsys, "up")
    assert (code, err.count("\n")) == (2, 1)
    assert words in err


def test_ctrl_c_has_the_usual_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: interrupted)
    assert run(capsys, "up")[0] == 130


def test_config_prints_reasons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("EXCHANGE_VAR", str(tmp_path))
    code, out, _ = run(capsys, "config")
    assert code == 0
    assert "EXCHANGE_PORT=8000\n    port the web server listens on" in out


def test_diagram_draws_one_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "diagram", "match")[1].startswith("stateDiagram-v2")
    assert run(capsys, "diagram")[1].count("stateDiagram-v2") > 3
