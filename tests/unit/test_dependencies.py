"""What is inside is locked with its hashes, listed in the SBOM, and asked for its known faults."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from exchange.config import CHECKOUT
from tests.audit import NOT_REACHED, told

LOCK = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", LOCK, re.MULTILINE | re.I))
CYCLONEDX = Path(sys.executable).with_name("cyclonedx-py")


def test_every_package_is_locked_with_a_hash_and_installed_with_it():
    for block in re.split(r"\n(?=[a-z0-9])", LOCK, flags=re.I):
        if "==" in block.partition("\n")[0]:
            assert "--hash=sha256:" in block, block.partition("\n")[0]
    assert len(LOCKED) > 60
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.txt" in makefile


def test_every_declared_package_is_in_the_lock():
    project = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    declared = project.partition("dependencies = [")[2].partition("\n]")[0]
    names = re.findall(r'"([a-z0-9-]+)', declared)
    assert len(names) > 30
    assert set(names) <= set(LOCKED)


@pytest.mark.skipif(not CYCLONEDX.exists(), reason="there is no cyclonedx-py")
def test_the_sbom_names_every_locked_package_with_its_version_and_hashes(tmp_path):
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    written = re.search(r"\$\(BIN\)/cyclonedx-py (.+) -o build/sbom.json (.+)", makefile)
    made = tmp_path / "sbom.json"
    command = [CYCLONEDX, *written[1].split(), "-o", made, written[2]]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    sbom = json.loads(made.read_text(encoding="utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["metadata"]["component"]["name"] == "peer-exchange"
    named = {part["name"].lower(): part for part in sbom["components"]}
    for name, version in LOCKED.items():
        assert named[name.lower()]["version"] == version
        assert "sha256:" in json.dumps(named[name.lower()]) or "SHA-256" in json.dumps(
            named[name.lower()]
        )


def answer(*packages):
    return json.dumps({"dependencies": list(packages), "fixes": []})


def package(name, *faults):
    return {"name": name, "version": "1.0", "vulns": [{"id": fault} for fault in faults]}


def test_no_known_fault_is_a_pass_and_says_how_many_were_looked_at(capsys):
    assert told(answer(package("flask"), {"name": "own", "skip_reason": "unknown"}), "") == 0
    assert "1 packages looked at, 1 unknown to the service, 0 faults" in capsys.readouterr().out


def test_a_known_fault_fails_by_name(capsys):
    assert told(answer(package("flask", "PYSEC-1")), "") == 1
    assert "flask 1.0: PYSEC-1" in capsys.readouterr().out


@pytest.mark.parametrize("said", ["", "<html>", answer({"name": "flask", "skip_reason": "none"})])
def test_a_service_that_cannot_be_asked_is_no_pass_and_no_fault(said, capsys):
    assert told(said, "ConnectionError") == NOT_REACHED
    assert "advisory service" in capsys.readouterr().out
