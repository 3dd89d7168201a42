"""What is known before the start, and how it is said."""

import socket
from pathlib import Path

import pytest

from exchange import preflight
from exchange.config import ConfigError, load


def test_a_busy_port_is_named_with_a_free_looking_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} of 127.0.0.1 is busy.*make run PORT="):
            preflight.check_port("127.0.0.1", port)
    preflight.check_port("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.1"):
        preflight.check_port("192.0.2.1", 8000)


def test_the_other_port_proposed_exists() -> None:
    assert preflight._near(65500) == 65377


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(
        ConfigError, match=r"cannot write to the folder /proc/exchange.*EXCHANGE_VAR"
    ):
        preflight.check_folder(Path("/proc/exchange"))


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    preflight.check_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize(("kind", "refused"), [("nfs4", True), ("ext4", False)])
def test_a_network_disk_is_refused_for_sqlite(tmp_path: Path, kind: str, refused: bool) -> None:
    mounts = tmp_path / "mounts"
    here = str(tmp_path.resolve()).replace(" ", "\\040")
    mounts.write_text(f"/dev/x / ext4 rw 0 0\nserver:/x {here} {kind} rw 0 0\n", encoding="utf-8")
    assert preflight.file_system(tmp_path, mounts) == kind
    if refused:
        with pytest.raises(ConfigError, match="network disk"):
            preflight.check_disk(tmp_path, mounts)
    else:
        preflight.check_disk(tmp_path, mounts)


def test_without_a_list_of_mounts_nothing_is_refused(tmp_path: Path) -> None:
    assert preflight.file_system(tmp_path, tmp_path / "none") == ""


def test_all_of_it_passes_on_an_ordinary_machine(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    preflight.check(load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_PORT": str(port)}))
