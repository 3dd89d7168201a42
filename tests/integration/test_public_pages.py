"""Public pages have their language in the address; anybody reads a lesson and asks about it."""

import pytest

from exchange.extensions import db
from exchange.messages.models import Message
from tests import factories
from tests.factories import lessons

ASKED = {
    "question_text": "How many pumps did you need?",
    "asker_name": "Rosa",
    "asker_email": "rosa@city.pe",
    "asker_place": "Lima",
}


@pytest.mark.parametrize(("spoken", "code"), [("fr-CA,fr", "fr"), ("pt-BR", "pt"), ("de", "en")])
def test_the_front_door_leads_to_the_readers_language(browser, spoken, code):
    visitor = browser.as_(language=spoken)
    assert visitor.get("/").headers["Location"] == f"/{code}/"
    assert visitor.get("/lessons").headers["Location"] == f"/{code}/lessons"
    page = visitor.get(f"/{code}/")
    assert f'<html lang="{code}">' in page.text
    assert page.headers["Content-Language"] == code


def test_an_address_speaks_its_language_to_everybody(browser):
    reader = browser.as_(factories.person(language="es"))
    text = reader.get("/fr/lessons").text
    assert '<html lang="fr">' in text
    for code in ("en", "fr", "es", "pt"):
        assert f'hreflang="{code}" href="http://127.0.0.1:8000/{code}/lessons"' in text
    assert 'rel="canonical" href="http://127.0.0.1:8000/fr/lessons"' in text
    assert '<html lang="es">' in reader.get("/needs").text
    assert reader.get("/de/lessons").status_code == 404
    changed = reader.get("/language/pt?next=/fr/lessons?theme=water")
    assert changed.headers["Location"] == "/pt/lessons?theme=water"


def test_a_lesson_is_read_in_the_readers_language_where_it_is_translated(browser):
    story = lessons.evaluated(language="pt")
    note = lessons.published(story, title="Águas de Nampula", summary="Como a água chega.")
    writer = browser.as_(story.officer)
    page = writer.get(f"/notes/{note.id}/languages").text
    assert "Águas de Nampula" in page
    assert 'name="summary_fr"' in page
    sent = {"title_pt": note.title, "summary_pt": note.summary, "title_fr": "Les eaux de Nampula"}
    done = writer.post(f"/notes/{note.id}/languages", data={**sent, "version_id": note.version_id})
    assert done.status_code == 302
    visitor = browser.as_()
    french = visitor.get(f"/fr/lessons/{note.slug}").text
    assert '<h1 lang="fr">Les eaux de Nampula</h1>' in french
    assert 'lang="pt">Como a água chega.' in french, "what is not translated is told as written"
    assert '<h1 lang="pt">Águas de Nampula</h1>' in visitor.get(f"/es/lessons/{note.slug}").text
    assert "Les eaux de Nampula" in visitor.get("/fr/").text
    old = visitor.get(f"/fr/lessons/pln-{note.number}-another-title")
    assert (old.status_code, old.headers["Location"]) == (301, f"/fr/lessons/{note.slug}")


def test_the_own_title_cannot_be_taken_away(browser):
    story = lessons.evaluated()
    note = lessons.published(story)
    sent = {"title_en": "", "title_fr": "Titre", "version_id": note.version_id}
    answer = browser.as_(story.officer).post(f"/notes/{note.id}/languages", data=sent)
    assert answer.status_code == 422
    assert "The note needs a title in its own language." in answer.text
    assert 'value="Titre"' in answer.text
    assert browser.as_(factories.person()).get(f"/notes/{note.id}/languages").status_code == 403


def test_a_reader_asks_the_cities(browser):
    story = lessons.evaluated()
    note = lessons.published(story)
    host = story.exchange.partners[0]
    host.contact = factories.person("Budi", of=story.host, language="fr")
    db.session.commit()
    visitor = browser.as_()
    address = f"/en/lessons/{note.slug}/ask"
    assert "Ask these cities" in visitor.get(f"/en/lessons/{note.slug}").text
    wrong = visitor.post(address, data={**ASKED, "asker_email": "nobody"})
    assert wrong.status_code == 422
    assert "How many pumps did you need?" in wrong.text
    for _twice in range(2):
        assert visitor.post(address, data=ASKED).status_code == 302
    (mail,) = db.session.query(Message).filter_by(kind="lesson_question").all()
    assert (mail.to_name, mail.language) == ("Budi", "fr")
    assert "How many pumps did you need?" in mail.text
    assert "rosa@city.pe" in mail.text
    assert host.contact.email not in visitor.get(address).text
    visitor.post(address, data={**ASKED, "question_text": "Buy!", "homepage": "http://spam"})
    assert db.session.query(Message).filter_by(kind="lesson_question").count() == 1
    assert visitor.get("/en/lessons/pln-99/ask").status_code == 404


def test_who_has_signed_in_types_the_question_alone(browser):
    note = lessons.published()
    city = factories.organisation("Lima")
    page = browser.as_(factories.person("Rosa", of=city)).get(f"/en/lessons/{note.slug}/ask").text
    assert 'value="Rosa"' in page
    assert 'value="Lima"' in page


def test_the_front_page_counts_rows(browser, statements):
    lessons.published()
    visitor = browser.as_()
    text = visitor.get("/en/").text
    assert "Latest lessons" in text
    assert "<strong>2</strong> <span>local governments take part" in text
    with statements() as seen:
        visitor.get("/en/")
    assert len(seen) <= 8


def test_the_library_is_narrowed_by_region(browser):
    story = lessons.evaluated()
    lessons.published(story, title="Wells")
    story.host.terms = [factories.term("section", "ASPAC")]
    db.session.commit()
    visitor = browser.as_()
    assert "Wells" in visitor.get("/en/lessons?section=ASPAC").text
    assert "Wells" not in visitor.get("/en/lessons?section=AFRICA").text
