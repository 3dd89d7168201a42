"""Words, lines and areas of pictures can be told from what they lie on, in both schemes."""

import pytest

from tests.browser import contrast

PICTURES = ", ".join(contrast.PICTURES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("visitor", "/styleguide"),
        ("officer", "/dashboard"),
        ("officer", "/exchanges/network"),
        ("officer", "/exchanges/map"),
        ("officer", "/reports"),
        ("visitor", "/fr/practices/1"),
    ],
)
def test_a_picture_can_be_seen(page_as, role, path, scheme):
    page = page_as(role)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert page.goto(path).status == 200
    assert contrast.measured(page, PICTURES), "no picture is on this page"
    faint = contrast.too_faint(page, PICTURES)
    assert not faint, "\n".join(faint)


def test_what_is_too_faint_is_found(page_as):
    page = page_as("visitor")
    page.goto("/sign-in")
    page.evaluate(
        "document.querySelector('main').innerHTML = `${document.title}<svg width=90"
        " height=40><text class=pale y=20>Pale</text><text y=30>Ink</text></svg>`"
    )
    page.evaluate("document.querySelector('.pale').style.opacity = 0.5")
    assert [told.split()[2] for told in contrast.too_faint(page, "svg text")] == ["text.pale"]
