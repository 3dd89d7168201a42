"""Every address has a line in the table of permissions, and the public ones are on a short list."""

from exchange.permissions import PERMISSIONS
from exchange.predicates import anyone
from tests.house.source import ROOT

LIST = ROOT / "tests" / "house" / "public_endpoints.txt"


def _public_list() -> set[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def _permissions(app):
    """(endpoint, permission) of every method of every route."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for method in methods:
            target = getattr(getattr(view, "view_class", None), method.lower(), view)
            yield rule.endpoint, getattr(target, "permission", None)


def test_every_route_has_a_permission_or_is_on_the_public_list(app):
    public = _public_list()
    for endpoint, permission in _permissions(app):
        if permission is None:
            assert endpoint in public, f"{endpoint}: put @access(…) on it"
        else:
            assert permission in PERMISSIONS, f"{endpoint}: {permission} is not in permissions/"


def test_what_everybody_may_do_is_on_the_public_list(app):
    public = _public_list()
    for endpoint, permission in _permissions(app):
        if permission and anyone in PERMISSIONS[permission].any_of:
            assert endpoint in public, f"{endpoint} is open to everybody: say so in {LIST.name}"


def test_the_public_list_names_only_what_exists(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert _public_list() <= known


def test_nothing_changes_by_getting_it(app):
    """A route that answers GET and POST is a form; moves are POST alone."""
    for rule in app.url_map.iter_rules():
        last = rule.endpoint.rsplit(".", 1)[-1]
        if last in ("step", "move", "delete", "sign_out"):
            assert "GET" not in (rule.methods or ()), rule.endpoint
