"""Encoders that are not ours: a service behind an address (a real one, in this process), a folder,
the rows kept on disk, and what happens when they fail."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.cache import CachedEncoder
from exchange.matching.text.choose import encoder_from, encoder_or_built_in
from exchange.matching.text.fallback import FallbackEncoder
from exchange.matching.text.folder import FolderEncoder, safetensors
from exchange.matching.text.http import BATCH, HttpEncoder
from exchange.matching.text.memory import Memory
from exchange.matching.text.problems import EncoderFailed, EncoderProblem

TEXTS = ["water for all", "clean water", "", "housing in slums"]
NO_LANGUAGE = [""] * len(TEXTS)


def _vector(text: str) -> list[float]:
    return [text.count(letter) + 0.5 for letter in "aeiostrw"]


class Service(BaseHTTPRequestHandler):
    """Answers as its server is told to in ``behaviour``."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append((self.path, body, self.headers.get("Authorization")))
        behaviour = server.behaviours.pop(0) if server.behaviours else "good"
        if behaviour == "slow":
            server.go_on.wait(5)
        if behaviour == "redirect":
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        answer = self._answer(behaviour, body.get("texts") or body["input"])
        self.send_response(500 if behaviour == "error" else 200)
        self.send_header("Content-Length", str(len(answer) + (50 if behaviour == "cut" else 0)))
        self.end_headers()
        self._write(answer, behaviour)

    def _answer(self, behaviour: str, texts: list[str]) -> bytes:
        rows: list[Any] = [_vector(text) for text in texts]
        if behaviour == "garbage":
            return b"<html>no</html>"
        if behaviour == "too few":
            rows = rows[1:]
        if behaviour == "ragged":
            rows[-1] = rows[-1][:3]
        if behaviour == "nan":
            rows[0][0] = float("nan")
        if behaviour == "words":
            rows[0] = ["a"] * 8
        if behaviour == "nothing":
            return b'{"object": "list"}'
        if self.path.endswith("/embeddings"):
            data = [{"index": at, "embedding": row} for at, row in enumerate(rows)]
            return json.dumps({"data": data[::-1]}).encode()
        return json.dumps({"embeddings": rows}).encode()

    def _write(self, answer: bytes, behaviour: str) -> None:
        if behaviour == "drip":
            for at in range(len(answer)):
                time.sleep(0.02)
                try:
                    self.wfile.write(answer[at : at + 1])
                except OSError:
                    return
        else:
            self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(*behaviours: str) -> Iterator[tuple[Any, str]]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.behaviours, server.asked, server.go_on = list(behaviours), [], threading.Event()
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("path", ["/v1/embeddings", "/encode"])
def test_a_service_gives_rows_of_length_one_in_the_order_of_the_texts(path):
    with serving() as (server, address):
        encoder = HttpEncoder(url=address + path, model="small", key="hush")
        rows = encoder.encode(TEXTS, NO_LANGUAGE)
    expected = np.array([_vector(text) for text in TEXTS])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(rows[[0, 1, 3]], expected[[0, 1, 3]])
    assert not rows[2].any(), "an empty text is sent to nobody"
    assert server.asked[0][2] == "Bearer hush"
    assert server.asked[0][1]["model"] == "small"
    assert "hush" not in repr(encoder)


def test_many_texts_go_in_batches():
    texts = [f"text {number}" for number in range(2 * BATCH + 1)]
    with serving() as (server, address):
        rows = HttpEncoder(url=f"{address}/encode").encode(texts, [""] * len(texts))
    assert len(rows) == len(texts)
    assert [len(body["texts"]) for _, body, _ in server.asked] == [BATCH, BATCH, 1]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("error", "it answered 500"),
        ("redirect", "it answered 307"),
        ("garbage", "no JSON"),
        ("nothing", "has no embeddings"),
        ("too few", "of shape|rows for"),
        ("ragged", "not lists of numbers of one length"),
        ("words", "not lists of numbers of one length"),
        ("nan", "no finite number"),
        ("cut", "cut off|cannot be reached"),
        ("slow", "did not answer within"),
        ("drip", "did not answer within"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/embeddings", "/encode"])
def test_what_a_service_does_wrong_is_said_and_nothing_of_it_is_used(behaviour, words, path):
    with serving(behaviour, behaviour) as (_, address):
        encoder = HttpEncoder(url=address + path, timeout=0.3)
        with pytest.raises(EncoderFailed, match=words):
            encoder.encode(TEXTS, NO_LANGUAGE)


def test_a_service_that_fails_once_is_asked_again():
    with serving("error") as (server, address):
        rows = HttpEncoder(url=f"{address}/encode").encode(TEXTS, NO_LANGUAGE)
    assert rows.shape == (4, 8)
    assert len(server.asked) == 2


def test_all_answers_together_have_a_time():
    texts = [f"text {number}" for number in range(BATCH + 1)]
    with serving() as (_, address):
        encoder = HttpEncoder(url=f"{address}/encode", seconds=0)
        with pytest.raises(EncoderFailed, match="more than 0 seconds"):
            encoder.encode(texts, [""] * len(texts))


def test_a_service_that_is_not_there_is_said():
    with serving() as (_, address):
        pass
    with pytest.raises(EncoderFailed, match="cannot be reached"):
        HttpEncoder(url=f"{address}/encode").encode(TEXTS, NO_LANGUAGE)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "file:///etc/passwd", "example.org", "http://me:pw@x.org/"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(EncoderProblem):
        HttpEncoder(url=url)


def test_rows_are_kept_on_disk_and_asked_for_once(tmp_path):
    with serving() as (server, address):
        service = HttpEncoder(url=f"{address}/encode")
        first = CachedEncoder(service, tmp_path / "deep" / "rows.db").encode(TEXTS, NO_LANGUAGE)
        again = CachedEncoder(service, tmp_path / "deep" / "rows.db")
        second = again.encode([*TEXTS[::-1], "something new"], ["", "", "", "", ""])
    assert np.array_equal(first[::-1], second[:4])
    assert [body["texts"] for _, body, _ in server.asked] == [
        [TEXTS[0], TEXTS[1], TEXTS[3]],
        ["something new"],
    ]
    assert again.cache_problem == ""


def test_another_model_or_language_is_another_row(tmp_path):
    with serving() as (server, address):
        for model, language in (("a", ""), ("b", ""), ("b", "fr"), ("b", "fr")):
            service = HttpEncoder(url=f"{address}/encode", model=model)
            CachedEncoder(service, tmp_path / "rows.db").encode(["water"], [language])
    assert len(server.asked) == 3


def test_a_file_that_is_no_database_is_said_and_does_not_matter(tmp_path):
    (tmp_path / "rows.db").write_text("this is no database, but long enough to be read as one")
    with serving() as (_, address):
        cached = CachedEncoder(HttpEncoder(url=f"{address}/encode"), tmp_path / "rows.db")
        rows = cached.encode(TEXTS, NO_LANGUAGE)
    assert rows.shape == (4, 8)
    assert "not a database" in cached.cache_problem


def test_several_processes_may_keep_rows_at_once(tmp_path):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from exchange.matching.text.cache import CachedEncoder\n"
        "from exchange.matching.text.http import HttpEncoder\n"
        "cached = CachedEncoder(HttpEncoder(url=sys.argv[1]), Path(sys.argv[2]))\n"
        "for start in range(0, 60, 5):\n"
        "    texts = [f'text {n}' for n in range(start, start + 10)]\n"
        "    cached.encode(texts, [''] * 10)\n"
        "assert not cached.cache_problem, cached.cache_problem\n"
    )
    with serving() as (_, address):
        command = [sys.executable, "-c", script, f"{address}/encode", str(tmp_path / "rows.db")]
        running = [subprocess.Popen(command) for _ in range(3)]
        assert [process.wait(60) for process in running] == [0, 0, 0]
    opened = sqlite3.connect(tmp_path / "rows.db")
    (kept,) = opened.execute("SELECT count(*) FROM rows").fetchone()
    opened.close()
    assert kept == 65


def test_a_plug_in_that_works_is_used_and_asked_once():
    with serving() as (server, address):
        fitted = FallbackEncoder(HttpEncoder(url=f"{address}/encode")).fit(TEXTS, NO_LANGUAGE)
        rows = fitted.encode(TEXTS, NO_LANGUAGE)
        assert not fitted.encode([""], [""]).any()
    assert (rows.shape, fitted.fell_back, len(server.asked)) == ((4, 8), "", 1)


def test_a_plug_in_that_fails_is_replaced_for_the_whole_corpus_and_it_is_said():
    with serving("garbage", "garbage") as (_, address):
        fitted = FallbackEncoder(HttpEncoder(url=f"{address}/encode")).fit(TEXTS, NO_LANGUAGE)
    built_in = BuiltIn().fit(TEXTS, NO_LANGUAGE)
    same = fitted.encode(TEXTS, NO_LANGUAGE) != built_in.encode(TEXTS, NO_LANGUAGE)
    assert same.nnz == 0
    assert "no JSON" in fitted.fell_back
    assert (fitted.name, fitted.calibration) == ("builtin", built_in.calibration)


def test_a_plug_in_that_fails_later_says_so_and_falls_back_when_fitted_anew():
    with serving("good", "error", "error", "error", "error") as (_, address):
        chosen = FallbackEncoder(HttpEncoder(url=f"{address}/encode"))
        fitted = chosen.fit(TEXTS, NO_LANGUAGE)
        with pytest.raises(EncoderFailed):
            fitted.encode(["a new need"], ["en"])
        assert chosen.fit([*TEXTS, "a new need"], [""] * 5).fell_back


def test_a_memory_tells_who_keeps_it_that_its_encoder_failed():
    told: list[str] = []
    with serving("good", "error", "error") as (_, address):
        fitted = HttpEncoder(url=f"{address}/encode")
        memory = Memory(fitted, failed=lambda: told.append("failed"))
        memory.encode(TEXTS, NO_LANGUAGE)
        with pytest.raises(EncoderFailed):
            memory.encode(["a new need"], ["en"])
    assert told == ["failed"]


# A folder


def _folder(path: Path, **about: Any) -> Path:
    words = ["water", "agua", "housing", "vivienda"]
    vectors = np.array([[1, 0.1, 0], [0.9, 0, 0.1], [0, 1, 0], [0.1, 0.9, 0]], np.float32)
    (path / "vocabulary.txt").write_text("\n".join(words), "utf-8")
    np.savez(path / "embeddings.npz", embeddings=vectors, weights=np.ones(4))
    (path / "encoder.json").write_text(json.dumps(about))
    return path


def test_a_folder_of_ours_compares_words_of_two_languages(tmp_path):
    folder = _folder(tmp_path, name="ours", version="7", calibration=[0.1, 0.8])
    encoder = FolderEncoder.from_folder(folder)
    rows = encoder.encode(["Water!", "el agua", "Vivienda", "xyz"], ["en", "es", "es", ""])
    assert rows[0] @ rows[1] > 0.9
    assert rows[0] @ rows[2] < 0.3
    assert not rows[3].any()
    assert (encoder.name, encoder.version, encoder.calibration) == ("ours", "7", (0.1, 0.8))


def test_a_folder_without_a_word_about_itself_has_the_version_of_its_numbers(tmp_path):
    first = FolderEncoder.from_folder(_folder(tmp_path))
    assert first.name == f"folder:{tmp_path.name}"
    assert first.version == FolderEncoder.from_folder(tmp_path).version


def test_folders_that_lack_something_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(EncoderProblem, match="is no folder"):
        FolderEncoder.from_folder(tmp_path / "none")
    with pytest.raises(EncoderProblem, match="neither model"):
        FolderEncoder.from_folder(tmp_path)
    _folder(tmp_path, calibration=[0.9, 0.1])
    with pytest.raises(EncoderProblem, match="calibration"):
        FolderEncoder.from_folder(tmp_path)
    _folder(tmp_path)
    (tmp_path / "vocabulary.txt").write_text("water")
    with pytest.raises(EncoderProblem, match="1 words, 4 vectors"):
        FolderEncoder.from_folder(tmp_path)


def test_no_pickle_is_read_from_a_folder(tmp_path):
    _folder(tmp_path)
    np.savez(tmp_path / "embeddings.npz", embeddings=np.array([{}], dtype=object))
    with pytest.raises(EncoderProblem, match="cannot be read"):
        FolderEncoder.from_folder(tmp_path)


def _write_safetensors(file: Path, array: Any, name: str = "embeddings") -> None:
    about = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [0, array.nbytes]}
    header = json.dumps({"__metadata__": {"format": "pt"}, name: about}).encode()
    file.write_bytes(len(header).to_bytes(8, "little") + header + array.tobytes())


def test_safetensors_are_read_as_they_are_written(tmp_path):
    array = np.arange(12, dtype=np.float32).reshape(4, 3)
    _write_safetensors(tmp_path / "model.safetensors", array)
    assert np.array_equal(safetensors(tmp_path / "model.safetensors")["embeddings"], array)
    for broken in (b"", b"\xff" * 8, b"\x05" + b"\0" * 7 + b"12345"):
        (tmp_path / "model.safetensors").write_bytes(broken)
        with pytest.raises(EncoderProblem, match="safetensors"):
            safetensors(tmp_path / "model.safetensors")


def test_a_model2vec_folder_is_read_or_says_what_it_needs(tmp_path):
    _write_safetensors(tmp_path / "model.safetensors", np.eye(3, dtype=np.float32))
    vocabulary = {"[UNK]": 0, "water": 1, "agua": 2}
    model = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"}
    tokenizer = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": []}
    tokenizer |= {"normalizer": None, "pre_tokenizer": {"type": "Whitespace"}, "model": model}
    tokenizer |= {"post_processor": None, "decoder": None}
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))
    try:
        import tokenizers  # noqa: F401  # an extra
    except ImportError:
        with pytest.raises(EncoderProblem, match="pip install tokenizers"):
            FolderEncoder.from_folder(tmp_path)
        return
    rows = FolderEncoder.from_folder(tmp_path).encode(["water what", "what"], ["", ""])
    assert rows.tolist() == [[0, 1, 0], [0, 0, 0]]


# The name of an encoder


def test_names_of_encoders(tmp_path):
    assert encoder_from("builtin").name == "builtin"
    assert encoder_from(f"folder:{_folder(tmp_path)}").name == f"folder:{tmp_path.name}"
    for spec in ("http:https://x.org/v1/embeddings#small", "https://x.org/v1/embeddings#small"):
        chosen = encoder_from(spec, tmp_path / "rows.db", key="hush")
        assert (chosen.name, chosen.version) == ("http:https://x.org/v1/embeddings", "small")


@pytest.mark.parametrize("spec", ["", "torch", "http:", "folder:", "folder:/nowhere", "http:x"])
def test_a_name_that_is_none_is_refused(spec):
    with pytest.raises(EncoderProblem):
        encoder_from(spec)


def test_a_program_that_must_go_on_gets_the_built_in_encoder_with_the_reason():
    fitted = encoder_or_built_in("folder:/nowhere").fit(TEXTS, NO_LANGUAGE)
    assert fitted.name == "builtin"
    assert "/nowhere is no folder" in fitted.fell_back
    assert "/nowhere is no folder" in Memory(fitted).fell_back
