"""Imports of spreadsheets: each upload rings, and the sweep finds what a dead worker left."""

from exchange.edge import settings
from exchange.labels.understood import understood
from exchange.spreadsheets.actions import folder_in
from exchange.spreadsheets.run import run_next
from tasks.app import celery


@celery.task(name="tasks.sweep.imports")
def imports() -> None:
    """Check and load what was uploaded, one after the other."""
    folder, words = folder_in(settings().var), understood()
    while run_next(folder, words):
        pass
