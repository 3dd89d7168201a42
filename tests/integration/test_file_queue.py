"""The queue in a folder: whoever looks sees whole messages, however many write at once."""

from contextlib import suppress
from queue import Empty
from threading import Thread
from time import monotonic

from kombu import Connection

from tasks import file_queue

WRITERS, EACH = 4, 200
# Not the program's own: kombu remembers for a whole process which queues are tied, in any folder.
QUEUE = "whole-messages"


def test_no_reader_meets_half_a_message(tmp_path):
    file_queue.use()
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    options["control_folder"] = str(tmp_path / "control")
    long = "x" * 50_000

    def write(number: int) -> None:
        with Connection("filesystem://", transport_options=options) as line:
            queue = line.SimpleQueue(QUEUE)
            for index in range(EACH):
                queue.put({"writer": number, "index": index, "text": long})

    writers = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    with Connection("filesystem://", transport_options=options) as line:
        queue = line.SimpleQueue(QUEUE)
        for one in writers:
            one.start()
        seen = set()
        until = monotonic() + 60
        while len(seen) < WRITERS * EACH and monotonic() < until:
            with suppress(Empty):
                message = queue.get(timeout=2)
                seen.add((message.payload["writer"], message.payload["index"]))
                message.ack()
        for one in writers:
            one.join(20)
    assert len(seen) == WRITERS * EACH
    assert not list(tmp_path.glob("*.part"))


def test_a_tie_is_written_whole_when_many_programs_start_at_once(tmp_path):
    file_queue.use()
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    options["control_folder"] = str(tmp_path / "control")
    with Connection("filesystem://", transport_options=options) as line:
        channel = line.channel()
        names = [f"queue{number}" for number in range(40)]
        starting = [
            Thread(target=channel._queue_bind, args=("shared", name, "", name)) for name in names
        ]
        for one in starting:
            one.start()
        for one in starting:
            one.join(20)
        assert sorted(tie.queue for tie in channel.get_table("shared")) == sorted(names)
