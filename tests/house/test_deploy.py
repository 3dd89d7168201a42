"""The files to deploy with can be read, and name settings, files and programs that there are."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from exchange.config import PREFIX, Settings
from tests.house.source import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(p for p in DEPLOY.iterdir() if p.suffix in (".service", ".timer", ".target"))
KNOWN = {PREFIX + item.name.upper() for item in fields(Settings)}
INSTRUCTIONS = {"FROM", "ENV", "WORKDIR", "RUN", "COPY", "USER"}
INSTRUCTIONS |= {"VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def units(path: Path) -> ConfigParser:
    found = ConfigParser(interpolation=None, strict=True, delimiters=("=",))
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", [*sorted(DEPLOY.iterdir()), ROOT / "docs" / "alerts.yml"], ids=str)
def test_every_setting_that_is_named_is_one(path):
    assert set(re.findall(r"EXCHANGE_[A-Z_]+", path.read_text(encoding="utf-8"))) <= KNOWN


def test_the_document_names_settings_and_files_that_there_are():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"EXCHANGE_[A-Z_]+[A-Z]", text)) <= KNOWN
    for name in re.findall(r"\]\(((?:deploy/|alerts)[\w./-]*)\)", text):
        assert (ROOT / "docs" / name).exists(), name


def test_the_compose_file_is_whole():
    found = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    services = found["services"]
    assert {"migrate", "web", "worker", "scheduler", "database", "broker"} == set(services)
    built = services["migrate"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).exists()
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert volumes <= set(found["volumes"])
        assert set(service.get("environment", {})) <= KNOWN | {
            "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD",
        }  # fmt: skip


def test_the_container_file_has_known_instructions_and_copies_what_is_there():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[0][0] == "FROM"
    for instruction, *words in lines:
        assert instruction in INSTRUCTIONS, instruction
        if instruction == "COPY" and not words[0].startswith("--from"):
            for name in words[:-1]:
                assert (ROOT / name).exists(), name


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_names_units_and_programs_of_ours(path):
    unit = units(path)
    assert unit["Unit"]["Description"]
    ours = re.findall(r"peer-exchange[\w-]*\.(?:service|target|timer)", path.read_text())
    assert set(ours) <= {one.name for one in UNITS}
    if path.suffix == ".service":
        program = unit["Service"]["ExecStart"].split()[0]
        assert program.rpartition("/")[2] in ("gunicorn", "celery", "exchange")
        assert unit["Service"]["EnvironmentFile"] == "/etc/peer-exchange.env"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path):
    for path in UNITS:  # the programs are not in their place here
        text = re.sub(r"(?m)^(ExecStart=)/srv\S+", r"\1/bin/true", path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path in UNITS)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    of_ours = [line for line in said.stderr.splitlines() if "peer-exchange" in line]
    assert not of_ours, of_ours


def test_the_shell_reads_the_settings_as_systemd_does():
    """The commands of docs/operations.md read that file with the shell."""
    path = DEPLOY / "peer-exchange.env"
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    wanted = {name: value.strip('"') for name, value in given.items()}
    command = ["sh", "-c", f"set -ea; . {path}; exec env"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    found = dict(line.partition("=")[::2] for line in said.stdout.splitlines())
    assert {name: found.get(name) for name in wanted} == wanted


NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@pytest.mark.skipif(not NGINX, reason="no nginx here")
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_nginx_takes_its_configuration(tmp_path):
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=px.test"]
    make += ["-days", "2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, capture_output=True, timeout=60, check=True)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    # The certificate is not in its place here, and only root may have the ports.
    text = re.sub(r"/etc/letsencrypt/live/[\w.-]+", str(tmp_path), text)
    text = re.sub(r"listen (\[::\]:)?(80|443)\b", r"listen \g<1>5\g<2>", text)
    (tmp_path / "site.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    whole = f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{folders}access_log off;\n"
    whole += f"include {tmp_path}/site.conf;\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [NGINX, "-t", "-e", str(tmp_path / "errors"), "-c", str(tmp_path / "nginx.conf")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr
