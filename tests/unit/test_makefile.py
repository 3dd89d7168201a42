"""make: the list of targets, and one clear line for each thing a machine may lack."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from exchange.config import CHECKOUT

MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def make(*arguments: str, folder: Path = CHECKOUT) -> tuple[int, str]:
    done = subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_make_alone_prints_every_documented_target() -> None:
    code, printed = make()
    documented = re.findall(r"^([a-z-]+):.*## (.+)$", MAKEFILE, re.MULTILINE)
    assert code == 0
    assert len(documented) == len(printed.splitlines())
    for target, text in documented:
        assert re.search(rf"make {target} +{re.escape(text)}", printed)


@pytest.mark.parametrize("target", ["install", "run", "test", "lint", "types", "bench", "clean"])
def test_the_usual_targets_are_documented(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE)


def test_an_old_python_is_refused_by_name(tmp_path: Path) -> None:
    old = script(tmp_path / "python", "exit 1")
    code, printed = make("check-machine", f"PYTHON={old}")
    assert code == 2
    assert f"{old} does not run or is older than Python 3.11" in printed


def test_no_python_at_all_is_said() -> None:
    code, printed = make("check-machine", "PYTHON=")
    assert code == 2
    assert "Python 3.11 or newer is needed, and none was found" in printed


def test_a_missing_venv_module_is_one_line(tmp_path: Path) -> None:
    bare = script(tmp_path / "python", 'case "$2" in *venv*) exit 1;; esac')
    code, printed = make("-s", "check-machine", f"PYTHON={bare}")
    assert code == 2
    assert printed.splitlines()[0] == (
        "Python's venv module is missing: on Debian/Ubuntu apt install python3-venv"
    )


def test_names_that_only_print_an_error_are_passed_over(tmp_path: Path) -> None:
    """Version managers leave such names; the first one that runs is taken."""
    for name in ("python3.13", "python3.12"):
        script(tmp_path / name, "exit 127")
    script(tmp_path / "python3.11", "exit 0")
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    with (tmp_path / "Makefile").open("a", encoding="utf-8") as file:
        file.write("\nprint-python:\n\t@echo $(PYTHON)\n")
    done = subprocess.run(
        ["make", "print-python"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "python3.11"


def test_the_lock_file_names_no_private_index() -> None:
    lock = (CHECKOUT / "uv.lock").read_text(encoding="utf-8")
    hosts = set(re.findall(r'"https?://([^/"]+)', lock))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_the_list_for_pip_has_the_versions_of_the_lock_file() -> None:
    wanted = re.findall(
        r"^([a-z0-9.-]+)==([^ ;\\]+)",
        (CHECKOUT / "requirements.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    lock = (CHECKOUT / "uv.lock").read_text(encoding="utf-8")
    assert len(wanted) > 40
    for name, version in wanted:
        assert f'name = "{name}"\nversion = "{version}"' in lock
