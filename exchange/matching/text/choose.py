"""The encoder that a setting or an option names."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urldefrag

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.cache import CachedEncoder
from exchange.matching.text.encoder import Rows, TextEncoder
from exchange.matching.text.fallback import FallbackEncoder
from exchange.matching.text.folder import FolderEncoder
from exchange.matching.text.http import HttpEncoder
from exchange.matching.text.problems import EncoderFailed, EncoderProblem

BUILT_IN = "builtin"


def encoder_from(
    spec: str, cache_path: Path | None = None, *, key: str = "", timeout: float = 20.0
) -> TextEncoder:
    """The encoder of ``builtin``, ``http:URL#MODEL`` or ``folder:PATH``.

    Rows of a service are kept in the file ``cache_path``. A plug-in that fails is replaced by the
    built-in encoder, which says so (``fell_back``).

    :param key: what the service wants in the header Authorization.
    :param timeout: seconds to wait for one answer of the service.
    :raises EncoderProblem: a name that is not known, or what its folder or address lacks.
    """
    kind, _, where = spec.partition(":")
    if spec == BUILT_IN:
        return BuiltIn()
    if kind == "folder" and where:
        return FallbackEncoder(FolderEncoder.from_folder(Path(where)))
    if kind in ("http", "https") and where:
        url, model = urldefrag(where if "://" in where else spec)
        service: TextEncoder = HttpEncoder(url=url, model=model, key=key, timeout=timeout)
        return FallbackEncoder(CachedEncoder(service, cache_path) if cache_path else service)
    raise EncoderProblem(f"{spec} is no encoder; write builtin, http:URL or folder:PATH")


class Refused:
    """An encoder that cannot be had, and fails with the reason when it is asked."""

    version, calibration = "", (0.0, 1.0)

    def __init__(self, name: str, reason: str) -> None:
        self.name, self._reason = name, reason

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "Refused":
        """Itself."""
        return self

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Rows:
        """Nothing.

        :raises EncoderFailed: always.
        """
        raise EncoderFailed(self._reason)


def encoder_or_built_in(
    spec: str, cache_path: Path | None = None, *, key: str = "", timeout: float = 20.0
) -> TextEncoder:
    """``encoder_from`` for a program that must go on: an encoder that cannot be had is replaced by
    the built-in one, which says why (``fell_back``)."""
    try:
        return encoder_from(spec, cache_path, key=key, timeout=timeout)
    except EncoderProblem as problem:
        return FallbackEncoder(Refused(spec, str(problem)))
