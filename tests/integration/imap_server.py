"""A small real IMAP server (RFC 9051, as much of it as we speak): one user, one folder."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from exchange.config import MailInbox


class Folder:
    """The mails of the folder by their number, and which were seen. ``on_store`` may interfere."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.said: list[str] = []

    def add(self, raw: bytes) -> int:
        """One more mail."""
        number = len(self.mails) + 7
        self.mails[number] = raw
        return number


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say(b"* OK ready")
        for line in self.rfile:
            tag, _space, said = line.decode().strip().partition(" ")
            self.folder.said.append(said)
            word = said.replace("UID ", "").split(" ")[0].upper()
            answer = getattr(self, f"do_{word.lower()}", lambda _said: "OK")(said)
            self.say(f"{tag} {answer} done".encode())
            if word == "LOGOUT":
                return

    @property
    def folder(self) -> Folder:
        return self.server.folder

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def do_capability(self, _said: str) -> str:
        self.say(b"* CAPABILITY IMAP4rev1")
        return "OK"

    def do_login(self, said: str) -> str:
        return "OK" if said == 'LOGIN replies "s e c"' else "NO"

    def do_select(self, said: str) -> str:
        if said != 'SELECT "Answers"':
            return "NO"
        self.say(f"* {len(self.folder.mails)} EXISTS".encode())
        return "OK"

    def do_search(self, _said: str) -> str:
        new = [str(n) for n in self.folder.mails if n not in self.folder.seen]
        self.say(f"* SEARCH {' '.join(new)}".encode())
        return "OK"

    def do_fetch(self, said: str) -> str:
        number, most = re.search(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", said).groups()
        raw = self.folder.mails[int(number)][: int(most)]
        head = f"* 1 FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n"
        self.wfile.write(head.encode() + raw + b")\r\n")
        return "OK"

    def do_store(self, said: str) -> str:
        self.folder.seen.add(int(re.search(r"STORE (\d+) \+FLAGS", said).group(1)))
        return "OK"

    def do_logout(self, _said: str) -> str:
        self.say(b"* BYE")
        return "OK"


@contextmanager
def imap_server() -> Iterator[tuple[Folder, MailInbox]]:
    """Start one; give what lies in it and how to reach it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.folder, server.daemon_threads = Folder(), True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            facts = {"user": "replies", "password": "s e c", "folder": "Answers"}
            port = server.server_address[1]
            yield server.folder, MailInbox(kind="imap", host="127.0.0.1", port=port, **facts)
        finally:
            server.shutdown()
            thread.join()
