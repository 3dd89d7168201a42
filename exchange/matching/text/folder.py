"""An encoder from a folder on this machine: a vector a word, and no network.

Two kinds of folders are known. Ours has ``vocabulary.txt`` (a word a line, folded: lower case, no
accents), ``embeddings.npz`` (an array ``embeddings``, a row a word, and maybe ``weights``, a number
a word) and maybe ``encoder.json`` (``name``, ``version``, ``calibration``). The other is that of
model2vec: ``model.safetensors`` with ``embeddings`` and ``tokenizer.json``; it needs the package
tokenizers. A text's row is the weighted mean of the vectors of its words.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from exchange.matching.text.dense import Floats, of_length_one
from exchange.matching.text.problems import EncoderProblem
from exchange.matching.text.words import words_of

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
# The longest header of a safetensors file that its authors allow.
MOST_HEADER = 100_000_000

Tokens = Callable[[str], list[int]]


@dataclass(frozen=True, kw_only=True)
class FolderEncoder:
    """Mean vectors of words; see the module for the folders. Made with ``from_folder``."""

    name: str
    version: str
    calibration: tuple[float, float]
    vectors: NDArray[Any]
    tokens: Tokens

    @classmethod
    def from_folder(cls, folder: Path) -> "FolderEncoder":
        """The encoder of a folder.

        :raises EncoderProblem: what the folder lacks, or what in it cannot be read.
        """
        if not folder.is_dir():
            raise EncoderProblem(f"{folder} is no folder; name one that holds a model")
        about = _about(folder)
        if (folder / "model.safetensors").exists():
            vectors, tokens = _model2vec(folder)
        elif (folder / "embeddings.npz").exists():
            vectors, tokens = _ours(folder)
        else:
            said = "has neither model.safetensors nor embeddings.npz; see docs/operations.md"
            raise EncoderProblem(f"{folder} {said}")
        if vectors.ndim != 2 or not len(vectors) or not np.isfinite(vectors).all():
            raise EncoderProblem(f"{folder}: embeddings must be rows of finite numbers")
        return cls(
            name=str(about.get("name", f"folder:{folder.name}")),
            version=str(about.get("version", sha256(vectors.tobytes()).hexdigest()[:12])),
            calibration=_calibration(folder, about),
            vectors=vectors,
            tokens=tokens,
        )

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "FolderEncoder":
        """Itself: it has learnt elsewhere."""
        return self

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """A dense row of length 1 per text; zeros where no word is known."""
        found = [self.tokens(text) for text in texts]
        ends = np.cumsum([0, *map(len, found)])
        places = np.array([place for tokens in found for place in tokens], np.int64)
        shape = (len(texts), len(self.vectors))
        counts = sparse.csr_matrix((np.ones(len(places)), places, ends), shape=shape)
        return of_length_one(np.asarray(counts @ self.vectors, np.float64))


def _about(folder: Path) -> dict[str, Any]:
    file = folder / "encoder.json"
    try:
        about = json.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, ValueError) as problem:
        raise EncoderProblem(f"{file}: {problem}") from None
    if not isinstance(about, dict):
        raise EncoderProblem(f"{file} must hold one object")
    return about


def _calibration(folder: Path, about: dict[str, Any]) -> tuple[float, float]:
    value = about.get("calibration", (0.2, 0.55))
    try:
        low, half = (float(number) for number in value)
    except (TypeError, ValueError):
        low, half = -1.0, -1.0
    if not 0 <= low < half <= 1:
        raise EncoderProblem(f"{folder}: calibration must be two numbers, 0 <= low < half <= 1")
    return low, half


def _ours(folder: Path) -> tuple[NDArray[Any], Tokens]:
    try:
        words = (folder / "vocabulary.txt").read_text("utf-8").splitlines()
        with np.load(folder / "embeddings.npz", allow_pickle=False) as arrays:
            vectors = np.asarray(arrays["embeddings"], np.float32)
            weights = arrays["weights"] if "weights" in arrays else np.ones(len(vectors))
    except (OSError, ValueError, KeyError) as problem:
        raise EncoderProblem(f"{folder} cannot be read: {problem}") from None
    if not len(words) == len(vectors) == len(weights):
        said = f"{len(words)} words, {len(vectors)} vectors, {len(weights)} weights"
        raise EncoderProblem(f"{folder} has {said}: there must be as many of each")
    place = {word: at for at, word in enumerate(words)}
    weighted = vectors * np.asarray(weights, np.float32)[:, None]
    return weighted, lambda text: [place[word] for word in words_of(text) if word in place]


def _model2vec(folder: Path) -> tuple[NDArray[Any], Tokens]:
    try:
        from tokenizers import Tokenizer  # late: an extra that few need
    except ImportError:
        said = "a model2vec folder needs the package tokenizers: pip install tokenizers"
        raise EncoderProblem(said) from None
    arrays = safetensors(folder / "model.safetensors")
    if "embeddings" not in arrays:
        raise EncoderProblem(f"{folder}: model.safetensors has no array called embeddings")
    vectors = arrays["embeddings"].astype(np.float32)
    if "weights" in arrays:
        vectors = vectors * arrays["weights"].astype(np.float32).reshape(-1, 1)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    unknown = tokenizer.token_to_id("[UNK]")

    def tokens(text: str) -> list[int]:
        places = tokenizer.encode(text, add_special_tokens=False).ids
        return [place for place in places if place != unknown and place < len(vectors)]

    return vectors, tokens


def safetensors(file: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file: eight bytes of length, a header in JSON, then the values.

    :raises EncoderProblem: another format, or a type of numbers that is not known.
    """
    try:
        data = file.read_bytes()
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + min(size, MOST_HEADER)])
        return {
            name: _array(data[8 + size :], about)
            for name, about in header.items()
            if name != "__metadata__"
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise EncoderProblem(f"{file} cannot be read as safetensors: {problem}") from None


def _array(values: bytes, about: dict[str, Any]) -> NDArray[Any]:
    first, last = about["data_offsets"]
    return np.frombuffer(values[first:last], TYPES[about["dtype"]]).reshape(about["shape"])
