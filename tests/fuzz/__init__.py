"""Calls that nobody means well: every operation of the API, every page and form, as several roles.

`python -m tests.fuzz --calls 20000` prints figures; a short run of the API is a part of `.ci/run`.
"""
