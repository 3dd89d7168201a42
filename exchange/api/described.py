"""Resources that answer from the start, and are described when somebody asks for the document."""

from threading import Lock
from typing import Any

from apispec import APISpec
from flask import Flask
from flask_smorest import Api, Blueprint


class LateApi(Api):
    """The description takes a seventh of the start of every process, and few processes need it."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self._waiting: list[Blueprint] = []
        self._one_at_a_time = Lock()
        super().__init__(app, **options)

    def register_blueprint(self, blp: Blueprint, **_options: Any) -> None:
        """Let the resources of ``blp`` answer; as the library does it, without the description."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._waiting.append(blp)

    def described(self) -> APISpec:
        """The specification, with every resource."""
        with self._one_at_a_time:
            for blp in self._waiting:
                blp.register_views_in_doc(
                    self, self._app, self.spec, name=blp.name, parameters=None
                )
                self.spec.tag({"name": blp.name, "description": blp.description})
            self._waiting.clear()
        return self.spec
