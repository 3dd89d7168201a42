"""What people see when something goes wrong: forms sent empty or wrong, pages that are gone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import addresses, looking
from tests.browser.conftest import People
from tests.browser.reading import Reader
from tests.browser.serving import Server, served

pytestmark = pytest.mark.timeout(300)
FORMS = "main form[method=post]"
# Put this into everything of a form that one writes in, and send it as it is.
FILL = """
([at, words]) => {
  const form = document.querySelectorAll("main form[method=post]")[at];
  for (const e of form.elements) {
    if (e.type === "hidden" || e.type === "file" || e.tagName === "FIELDSET") continue;
    if (e.type === "checkbox" || e.type === "radio") e.checked = false;
    else if (e.tagName === "SELECT") e.value = "";
    else if (e.tagName !== "BUTTON") {
      if (e.tagName === "INPUT") e.type = "text";
      e.value = words;
    }
  }
  HTMLFormElement.prototype.submit.call(form);
}
"""
WRITTEN_IN = "textarea, input:not([type=hidden], [type=checkbox], [type=radio]), select"
# Nobody means these: a bad address, a number that is none, a day that was never.
SENT = {"empty": "", "wrong": "no @ 99/99"}


@pytest.fixture(scope="module")
def changed(filled, tmp_path_factory) -> Iterator[Server]:
    """A program of this file: what is taken although it is odd stays here."""
    with served(filled, tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture(scope="module")
def people(changed: Server, chromium) -> Iterator[People]:
    """The people of that program."""
    them = People(changed, chromium)
    yield them
    them.close()


FIRST = ("officer", "association", "city", "administrator", "visitor")


@pytest.fixture(scope="module")
def forms(changed: Server) -> dict[str, list[str]]:
    """The pages with forms, by the first role that sees them."""
    readers, found = [Reader(changed, role) for role in FIRST], {role: [] for role in FIRST}
    for rule in addresses.pages(changed.app):
        seen = ((reader.role, one) for reader in readers if (one := reader.find(rule)))
        role, page = next(seen, ("", None))
        if page and 'method="post"' in page.main:
            found[role].append(page.path("fr"))
    return found


def _wrong(page: Page, ears: looking.Listener, known: set[int]) -> list[str]:
    found = [one for one in ears.take() if "status of 4" not in one]
    found += looking.shape(page, "fr") + looking.axe(page, known)
    return found + looking.sideways_scroll(page, 360)


@pytest.mark.parametrize("sent", list(SENT))
@pytest.mark.parametrize("role", FIRST)
def test_a_form_that_is_not_taken_can_be_read(
    role: str, sent: str, changed: Server, people: People, forms: dict[str, list[str]]
) -> None:
    page = people.window(role, 360, "fr")
    ears, known, wrong, refused = looking.Listener(page, changed.url), set[int](), [], 0
    for path in forms[role]:
        if page.goto(path).status != 200:  # a form before it has changed its row
            continue
        for at in range(page.locator(FORMS).count()):
            page.goto(path)
            form = page.locator(FORMS).nth(at)
            if not form.count() or not form.locator(WRITTEN_IN).count():
                continue
            ears.take()
            with page.expect_navigation() as came:
                page.evaluate(FILL, [at, SENT[sent]])
            status = came.value.status if came.value else 0
            if status < 400:
                continue
            refused += 1
            told = _wrong(page, ears, known)
            told += [f"answers {status}"] if status >= 500 else []
            told += _unsaid(page) if status == 422 else []
            wrong += [f"{path}, form {at}, {status}: {one}" for one in told]
    assert not wrong, "\n".join(wrong)
    assert refused, "every form was taken"


def _unsaid(page: Page) -> list[str]:
    """A refused form says so at its head, in its title, and where each field is."""
    head = page.locator("main .summary")
    if not head.count():
        return [] if page.locator("main h1").count() else ["no words"]
    found = [] if "Erreur" in page.title() else [f"the title does not say it: {page.title()}"]
    for link in head.locator("a").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        if page.locator(f'[id="{target}"]').count() != 1:
            found.append(f"the summary leads nowhere: {target}")
    return found


GONE = [
    ("visitor", "/nothing-here", 404),
    ("officer", "/exchanges/999999", 404),
    ("city", "/dashboard", 403),
    ("visitor", "/f/nothing", 404),
    ("visitor", "/fr/lessons/nothing", 404),
    ("visitor", "/m/nothing", 404),
]


@pytest.mark.parametrize(("role", "path", "status"), GONE)
def test_a_page_that_is_not_there_can_be_read(
    role: str, path: str, status: int, page_as: Callable[..., Page], server: Server
) -> None:
    page = page_as(role, 360, "fr")
    ears = looking.Listener(page, server.url)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    wrong = _wrong(page, ears, set())
    assert not wrong, "\n".join(wrong)
    assert page.locator("main a, header a").count()
