"""What the commands that need the database share."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def with_app(function: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the application; it is made when the command is called."""

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        from exchange.app import create_app  # late: --help must not load the application

        with create_app().app_context():
            return function(*args, **kwargs)

    return inside
