"""The encoder that a setting or an option names."""

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.encoder import TextEncoder


class EncoderProblem(Exception):
    """What is wrong with the way an encoder is named, as one sentence."""


def encoder_from(spec: str) -> TextEncoder:
    """The encoder of "builtin"."""
    if spec == "builtin":
        return BuiltIn()
    raise EncoderProblem(f"{spec} is no encoder; write builtin, http:URL or folder:PATH")
