"""The encoder that a setting or an option names."""

from pathlib import Path
from urllib.parse import urldefrag

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.cache import CachedEncoder
from exchange.matching.text.encoder import TextEncoder
from exchange.matching.text.fallback import FallbackEncoder
from exchange.matching.text.folder import FolderEncoder
from exchange.matching.text.http import HttpEncoder
from exchange.matching.text.problems import EncoderProblem

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
