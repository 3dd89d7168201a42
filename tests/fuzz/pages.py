"""Pages and forms: what the crawled pages offer to be filled in is sent back filled in oddly."""

from collections import defaultdict
from collections.abc import Mapping
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from werkzeug.routing import IntegerConverter, Rule

from tests.browser.addresses import SECRET
from tests.fuzz.api import CALLERS, QUIET
from tests.fuzz.figures import Figures
from tests.fuzz.hostile import ANY, ODD, rows, values
from tests.fuzz.house import House

# What every list may be asked for.
USUAL = ("page", "size", "sort", "lang", "q", "next", "tab", "state")
# What these do is measured in seconds, and means nothing odd: a password is hashed.
CRAWLED_AS = ("administrator", "officer", "city", "association", "visitor")
MOST_PAGES = 3
MOST_FIELDS = 8
Fields = dict[str, set[str]]


class _Forms(HTMLParser):
    """The forms and the links of a page: (method, address) → field → values it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[str, str], Fields] = defaultdict(lambda: defaultdict(set))
        self._form: tuple[str, str] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = (said.get("method", "get").upper(), said.get("action", ""))
            self.found[self._form]["csrf_token"].add("")
        elif tag == "a":
            parts = urlsplit(said.get("href", ""))
            if not parts.netloc and parts.query:
                for name, value in parse_qsl(parts.query):
                    self.found["GET", parts.path][name].add(value)
        elif tag in ("input", "textarea", "button", "select") and said.get("name") and self._form:
            self._select = said["name"] if tag == "select" else ""
            self.found[self._form][said["name"]].add(said.get("value", ""))
        elif tag == "option" and self._select and self._form:
            self.found[self._form][self._select].add(said.get("value", ""))


def call_all(house: House, figures: Figures, *, each: int, number: int, only: str = "") -> None:
    """Call every page and every form ``each`` times."""
    rules = [
        r for r in house.app.url_map.iter_rules() if not r.rule.startswith(("/api", "/static"))
    ]
    fields = _crawl(house, rules)
    for rule in sorted(rules, key=lambda rule: rule.rule):
        for method in sorted(set(rule.methods or ()) & {"GET", "POST"}):
            if only in f"{method} {rule.rule}":
                house.put_back()
                _call(house, figures, (rule, method, fields[rule.endpoint, method]), (each, number))


def _crawl(house: House, rules: list[Rule]) -> Mapping[tuple[str, str], Fields]:
    """What forms and links send to each endpoint."""
    found: dict[tuple[str, str], Fields] = defaultdict(dict)
    adapter = house.app.url_map.bind("localhost")
    for role in CRAWLED_AS:
        client = house.browser(role)
        for path in (p for r in rules if "GET" in (r.methods or ()) for p in _some(house, r)):
            with client.get(path) as answer:
                if answer.status_code != 200 or answer.mimetype != "text/html":
                    continue
                forms = _Forms()
                forms.feed(answer.text)
            for (method, action), fields in forms.found.items():
                _keep(found, adapter, (method, action or path), fields)
    return found


def _keep(found: Any, adapter: Any, form: tuple[str, str], fields: Fields) -> None:
    method, address = form
    try:
        endpoint, _values = adapter.match(urlsplit(address).path, method=method)
    except Exception:  # noqa: BLE001 - a link that leads away
        return
    known = found[endpoint, method]
    for name, offered in fields.items():
        known.setdefault(name, set()).update(sorted(offered)[:MOST_FIELDS])


def _some(house: House, rule: Rule) -> list[str]:
    """A few addresses of a page."""
    if rule.endpoint.startswith(("account.sign_out", "home.language")):
        return []
    drawn = [
        {name: _known(house, rule, name, n) for name in rule.arguments} for n in range(MOST_PAGES)
    ]
    built = [rule.build(values) for values in drawn if None not in values.values()]
    return sorted({one[1] for one in built if one})


def _known(house: House, rule: Rule, name: str, number: int) -> Any:
    if name == "lang":
        return "en"
    if name == "secret":
        return house.secrets.get(SECRET.get(rule.endpoint, ""))
    ids = _named(rule, name) or _ids(house, rule, name)
    return ids[number % len(ids)] if ids else None


def _named(rule: Rule, name: str) -> tuple[str, ...]:
    """The words that an address names one by one."""
    return tuple(sorted(getattr(rule._converters.get(name), "items", ())))


def _ids(house: House, rule: Rule, name: str) -> tuple[int, ...]:
    model = getattr(house.app.view_functions[rule.endpoint], "model", None)
    if name == "id" and model is not None:
        return tuple(house.ids.get(model.__tablename__, ()))
    return tuple(house.known(name))


def _call(house: House, figures: Figures, form: tuple[Rule, str, Fields], how: Any) -> None:
    rule, method, fields = form
    label = f"{method} {rule.rule}"
    each, number = how

    @seed(number)
    @settings(
        max_examples=each,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
    )
    @given(
        role=st.sampled_from(CALLERS),
        address=st.fixed_dictionaries({n: _part(house, rule, n) for n in rule.arguments}),
        typed=_typed(fields, house) if method == "POST" else st.just({}),
        asked=_typed(_queries(fields if method == "GET" else {}), house),
        with_query=st.booleans(),
    )
    def one(role: str, address: Any, typed: Any, asked: Any, with_query: bool) -> None:
        try:
            built = rule.build(address)
        except (ValueError, UnicodeError):
            built = None
        if built is None:
            return
        query = asked if with_query or method == "GET" else {}
        client = house.browser(role)
        sent = {name: _sent(name, value) for name, value in typed.items()} or None
        answer = client.open(built[1], method=method, query_string=query, data=sent)
        figures.note(label, answer.status_code)
        # No worker runs here, and the address that is asked for readiness says so with 503.
        if answer.status_code >= 500 and rule.rule != "/readyz":
            figures.blame(
                label, f"{answer.status_code} {house.raised}", f"{role}: {built[1]} {query} {typed}"
            )
        if answer.location and not _ours(answer.location):
            figures.blame(label, f"led to {answer.location[:40]}", f"{role}: {query} {typed}")
        answer.close()

    one()


def _queries(fields: Fields) -> Fields:
    return {**{name: set() for name in USUAL}, **fields}


def _sent(name: str, value: Any) -> Any:
    return (BytesIO(str(value).encode()), "odd.png") if name in ("file", "photo") else value


def _ours(location: str) -> bool:
    # An address with two strokes in a row leads to the same with one, and names the host.
    return urlsplit(location.replace("\\", "/")).netloc in ("", "localhost")


def _part(house: House, rule: Rule, name: str) -> st.SearchStrategy[Any]:
    if words := _named(rule, name):
        return st.sampled_from(words)
    if isinstance(rule._converters.get(name), IntegerConverter):
        return rows(_ids(house, rule, name))
    if name == "lang":
        return st.sampled_from(("en", "fr", "es", "pt"))
    if name == "secret" and (known := house.secrets.get(SECRET.get(rule.endpoint, ""))):
        return st.one_of(st.just(known), ANY)
    return st.one_of(ODD, ANY).filter(lambda text: text != "" and "/" not in text)


def _typed(fields: Mapping[str, set[str]], house: House) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, and what is typed into them."""
    filled = {}
    for name, offered in fields.items():
        known = tuple(str(one) for one in house.known(name)) if name.endswith("_id") else ()
        usual = tuple(sorted(one for one in (*offered, *known) if one))
        one = values(usual)
        filled[name] = st.one_of(one, one, st.lists(one, max_size=3)) if usual else one
    must = {name: filled[name] for name in filled if name not in ("csrf_token", "once")}
    return st.fixed_dictionaries({}, optional=must)
