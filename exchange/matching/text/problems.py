"""What can go wrong with an encoder that is not the built-in one."""


class EncoderProblem(Exception):
    """An encoder cannot be had as it is named or set: one sentence that says the way out."""


class EncoderFailed(Exception):
    """An encoder gave no rows, or none that can be used: one sentence that says what happened."""
