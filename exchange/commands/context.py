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
        from exchange.audit.author import Author, acting
        from exchange.audit.models import Through

        who = Author(Through.command, f"{function.__module__.rsplit('.')[-1]} {function.__name__}")
        with create_app().app_context(), acting(lambda: who):
            return function(*args, **kwargs)

    return inside
