"""What can be known before the start: each problem is one clear line."""

import errno
import os
import socket
from pathlib import Path

from exchange.config import ConfigError, Settings

# SQLite's write-ahead log needs memory shared between processes, which these cannot give.
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "fuse.sshfs"})


def check(settings: Settings) -> None:
    """Raise ConfigError when the folder, the disk or the port will not do."""
    check_folder(settings.var)
    if settings.sqlite_file:
        check_disk(settings.sqlite_file.parent)
    check_port(settings.host, settings.port)


def check_folder(folder: Path) -> None:
    """Make the folder and try to write into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise ConfigError(
            f"cannot write to the folder {folder} ({problem.strerror}): "
            "set EXCHANGE_VAR to one that can be written to"
        ) from None


def check_disk(folder: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """Refuse a network disk for SQLite. Where mounts cannot be listed nothing is refused."""
    kind = file_system(folder, mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise ConfigError(
            f"{folder} is on a network disk ({kind}), where SQLite loses data: "
            "set EXCHANGE_VAR to a local folder or EXCHANGE_DATABASE_URL to PostgreSQL"
        )


def file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system of the folder; empty when unknown."""
    if not mounts.exists():
        return ""
    place = folder.resolve()
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        point, found = line.split(" ")[1:3]
        point = point.replace("\\040", " ")
        if place.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return kind


def check_port(host: str, port: int) -> None:
    """Try to listen where the web server will."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as problem:
        raise ConfigError(_port_message(host, port, problem)) from None


def _port_message(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is busy: choose another, such as make run PORT={_near(port)}"
    return f"cannot listen on {host}, port {port}: {problem.strerror}"


def _near(port: int) -> int:
    return port + 123 if port + 123 <= 65535 else port - 123
