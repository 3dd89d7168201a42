"""What is new in an answer, as mail programs of four languages write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.messages.quoting import new_text, text_of_html, unfolded

# What each program writes around "Yes, in May." when the answer stands on top.
ON_TOP = {
    "Gmail, English": "Yes, in May.\n\nOn Tue, 3 Mar 2026 at 09:12, Peer Exchange <px@px.test>\n"
    "wrote:\n\n> Lyon: choose dates\n> https://px.test/r/abc\n",
    "Gmail, French": "Yes, in May.\n\nLe mar. 3 mars 2026 à 09:12, Peer Exchange <px@px.test> a"
    "\u00a0écrit\u00a0:\n\n> Lyon : choisir les dates\n>\n",
    "Gmail, Spanish": "Yes, in May.\n\nEl mar, 3 mar 2026 a las 9:12, Peer Exchange (<px@px.test>)"
    " escribió:\n\n> Lyon: elegir las fechas\n",
    "Gmail, Portuguese": "Yes, in May.\n\nEm ter., 3 de mar. de 2026 às 09:12, Peer Exchange <\n"
    "px@px.test> escreveu:\n\n> Lyon: escolher as datas\n",
    "Apple Mail, French": "Yes, in May.\n\n> Le 3 mars 2026 à 09:12, Peer Exchange <px@px.test> a "
    "écrit :\n> \n> Lyon : choisir les dates\n",
    "Apple Mail, Portuguese": "Yes, in May.\n\n> No dia 03/03/2026, às 09:12, Peer Exchange "
    "<px@px.test> escreveu:\n> \n> Lyon\n",
    "Thunderbird, Spanish": "Yes, in May.\n\nEl 3/3/26 a las 9:12, Peer Exchange escribió:\n> Lyon",
    "Outlook, English": "Yes, in May.\n\nFrom: Peer Exchange <px@px.test>\nSent: Tuesday, March 3, "
    "2026 9:12 AM\nTo: Ana <ana@px.test>\nSubject: Lyon: choose dates\n\nLyon, please choose\n",
    "Outlook, French": "Yes, in May.\n\n________________________________\nDe : Peer Exchange "
    "<px@px.test>\nEnvoyé : mardi 3 mars 2026 09:12\nÀ : Ana <ana@px.test>\nObjet : Lyon\n\nTexte",
    "Outlook, Spanish": "Yes, in May.\n\nDe: Peer Exchange <px@px.test>\nEnviado el: martes, 3 de "
    "marzo de 2026 9:12\nPara: Ana\nAsunto: Lyon\n\nTexto",
    "Outlook, Portuguese": "Yes, in May.\n\nDe: Peer Exchange <px@px.test>\nEnviada em: terça-feira"
    "\nEnviado: terça-feira, 3 de março\nPara: Ana\nAssunto: Lyon\n\nTexto",
    "Outlook of old": "Yes, in May.\n\n-----Original Message-----\nFrom: Peer Exchange\n\nLyon",
    "Outlook of old, French": "Yes, in May.\n\n-----Message d'origine-----\nDe : PX\n\nLyon",
    "Outlook of old, Spanish": "Yes, in May.\n\n-----Mensaje original-----\nDe: PX\n\nLyon",
    "Outlook of old, Portuguese": "Yes, in May.\n\n-----Mensagem original-----\nDe: PX\n\nLyon",
    "a program that marks no line": "Yes, in May.\n\nOn 3 Mar 2026, at 09:12, Peer Exchange wrote:"
    "\n\nLyon, please choose dates\n",
    "a signature": "Yes, in May.\n\n-- \nAna Machava\nCouncil of Nampula\n",
    "a telephone, English": "Yes, in May.\n\nSent from my iPhone\n\n> On 3 Mar 2026, at 09:12, "
    "Peer Exchange <px@px.test> wrote:\n> \n> Lyon\n",
    "a telephone, French": "Yes, in May.\n\nEnvoyé de mon iPhone\n\n> Le 3 mars 2026 à 09:12, Peer "
    "Exchange a écrit :\n> Lyon\n",
    "a telephone, Portuguese": "Yes, in May.\n\nEnviado do meu iPhone\n",
    "Outlook on a telephone, Spanish": "Yes, in May.\n\nObtener Outlook para Android\n"
    "________________________________\nDe: PX <px@px.test>\nEnviado: martes\nPara: Ana\n"
    "Asunto: Lyon\n",
}


@pytest.mark.parametrize("mail", ON_TOP.values(), ids=ON_TOP)
def test_an_answer_on_top_is_all_that_stays(mail):
    assert new_text(mail) == "Yes, in May."
    assert new_text(mail.replace("\n", "\r\n")) == "Yes, in May."


def test_an_answer_below_and_between_what_is_quoted_stays():
    mail = (
        "On 3 Mar 2026, Peer Exchange wrote:\n> Who would travel?\n\nThe mayor.\n\n"
        "> When?\n\nIn May.\n"
    )
    assert new_text(mail) == "The mayor.\n\nIn May."


@pytest.mark.parametrize(
    "line",
    [
        "On Monday we wrote to the mayor: she agrees.",
        "Le maire a écrit à la région.",
        "From: the station, take tram 4.",
        "De: la gare au marché, dix minutes.",
        "El alcalde de Lima escribió:",
        "Le maire de la ville a écrit :",
        "El alcalde escribió: sí.\nMás mañana.",
        "-- not a signature",
        "1 > 0",
        "Para: todos",
    ],
)
def test_what_only_looks_like_a_mark_stays(line):
    assert new_text(f"{line}\nAnd more.") == f"{line}\nAnd more."


def test_nothing_new_is_empty():
    assert new_text("> Lyon\n> please\n\n-- \nAna") == ""
    assert new_text("") == ""


LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60)


@given(st.lists(LINE, max_size=12))
def test_it_only_ever_leaves_lines_out(lines):
    text = "\n".join(lines)
    kept = [line.strip() for line in new_text(text).splitlines() if line.strip()]
    given_lines = [line.replace("\u00a0", " ").strip() for line in text.splitlines()]
    assert all(line in given_lines for line in kept)
    assert new_text(new_text(text)) in new_text(text)


PAGES = {
    "Gmail": '<div>Yes, in May.</div><br><div class="gmail_quote"><div class="gmail_attr">'
    "Le mar. 3 mars a écrit :</div><blockquote>Lyon</blockquote></div>",
    "Outlook": "<html><head><title>x</title><style>p{}</style></head><body><p>Yes, in May.</p>"
    '<div id="appendonsend"></div><div id="divRplyFwdMsg">De : PX</div><p>Lyon</p></body>',
    "Apple Mail": "<p>Yes,\n in&nbsp;May.</p><blockquote type=cite><p>Lyon</p></blockquote>",
    "Thunderbird": '<p>Yes, in May.</p><div class="moz-cite-prefix">Le 3/3/26, PX a écrit :</div>'
    "<blockquote>Lyon</blockquote>",
}


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_a_page_is_read_as_its_words(html):
    assert new_text(text_of_html(html)).replace("\u00a0", " ") == "Yes, in May."


def test_blocks_of_a_page_are_lines():
    html = "<p>One<br>two</p><ul><li>three</li><li>four</li></ul><script>bad()</script>"
    assert [line for line in text_of_html(html).splitlines() if line] == [
        "One", "two", "three", "four",
    ]  # fmt: skip
    assert text_of_html("<p>open <b>and <i>never") == "open and never"
    assert text_of_html("</div></p>stray") == "stray"


def test_flowed_lines_are_put_together():
    assert unfolded("A long \nline.\n> quoted \n> more\n-- \nAna") == (
        "A long line.\n> quoted \n> more\n-- \nAna"
    )
