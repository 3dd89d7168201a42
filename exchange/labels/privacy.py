"""Words for personal data: what, why, who sees it, how long."""

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.directory.models import Person
from exchange.labels import trail
from exchange.privacy.archive import Words

DATA: dict[str, LazyString] = {
    "person_name": _l("name"),
    "address": _l("e-mail address"),
    "picture": _l("photos"),
    "office": _l("office and organisation"),
    "gender": _l("gender, if you say it"),
    "special_needs": _l("needs of access, diet or visa"),
    "network_address": _l("network address"),
    "device": _l("browser"),
    "activity": _l("when you came"),
    "choice": _l("language and settings"),
    "secret": _l("passwords and links, as fingerprints only"),
    "letter": _l("mails and forms"),
    "contribution": _l("what you write"),
}
PURPOSES: dict[str, LazyString] = {
    "account": _l("So that you can sign in and be reached for your organisation"),
    "sign_in": _l("So that nobody else signs in as you"),
    "visit": _l("So that a visit can be prepared and evaluated"),
    "mail": _l("So that you get what you are asked for, once"),
    "forum": _l("So that a guest of a forum can speak without an account"),
    "publication": _l("So that a published note names and shows those who agreed"),
    "expertise": _l("So that members find you, because you listed yourself"),
    "record": _l("So that an exchange can be understood years later"),
    "convenience": _l("So that nothing you type is lost or sent twice"),
    "watch": _l("So that it is known who saw whose data"),
}
READERS: dict[str, LazyString] = {
    "account": _l(
        "Members see your name and organisation; your organisation and staff see your address."
    ),
    "sign_in": _l("You alone; administrators, after an incident."),
    "visit": _l("Those who take part in the exchange, and staff."),
    "mail": _l("You, and staff when something could not be delivered."),
    "forum": _l("The room of the forum, and staff."),
    "publication": _l("Everybody."),
    "expertise": _l("Members who have signed in."),
    "record": _l("Those who take part in the exchange, and staff."),
    "convenience": _l("You alone."),
    "watch": _l("Those whose data were seen, and administrators."),
}
LASTS: dict[str, LazyString] = {
    "account": _l("As long as you have an account."),
    "sign_in": _l("See the table of periods."),
    "visit": _l("With the exchange; your needs until a month after the visit."),
    "mail": _l("See the table of periods."),
    "forum": _l("A year after the forum."),
    "publication": _l("Until you withdraw."),
    "expertise": _l("Until you withdraw."),
    "record": _l("For good; without your name once you are erased."),
    "convenience": _l("See the table of periods."),
    "watch": _l("On the page of your data, see the table of periods; in the audit trail for good."),
}
KEPT: dict[str, LazyString] = {
    "sign_ins": _l("Where and when somebody signed in, after the end"),
    "links": _l("Links of invitations and new passwords, after their use"),
    "attempts": _l("Refused sign-ins, with their network address"),
    "receipts": _l("Receipts of what was sent, so that it is done once"),
    "forms": _l("Forms sent after a sign-in had ended"),
    "edits": _l("Who saved a text last"),
    "replies": _l("Mails to us, once they are dealt with"),
    "letters": _l("The text of our mails"),
    "needs": _l("Needs of access, diet or visa, after the visit"),
    "guests": _l("Names of the guests of a forum, after its end"),
    "looks": _l("Who saw whose data, as the page of one’s own data shows it"),
    "exports": _l("The archive of one’s own data, once it is ready"),
    "erasure": _l("The wait before somebody is erased, to change one’s mind"),
}
# What somebody said to a photo that names them.
ANSWERS: dict[str, LazyString] = {
    "asked": _l("not answered: it is not shown yet"),
    "agreed": _l("you agree"),
    "refused": _l("you do not agree: it is not shown"),
}
# Whose rows are looked at, said to the person whom they concern.
SEEN: dict[str, LazyString] = {
    "person": _l("your account"),
    "participant": _l("your part in a visit"),
    "forum_guest": _l("your name on the list of a forum"),
    "invitation": _l("an invitation to you"),
    "message": _l("a letter to you"),
    "reply": _l("a mail from you"),
}
SEEN_HOW: dict[str, LazyString] = {
    "shown": _l("opened"),
    "export": _l("taken away in a table"),
    "personal_data": _l("all of your data taken away"),
}


def words_for(person: Person) -> Words:
    """What the archive of a person's data calls things, in their language."""

    def said(words: Callable[[str], Any]) -> Callable[[str], str]:
        def in_theirs(name: str) -> str:
            with force_locale(person.language):
                return str(words(name))

        return in_theirs

    title = said(lambda _name: _("Your data"))("")
    return Words(person.language, title, said(trail.table), said(trail.column))


def former_member(person: Person) -> str:
    """What stands in place of the name of an erased person, in the language in force."""
    names = sorted(a.organisation.name for a in person.affiliations)
    if names:
        return _("a former member of %(organisation)s", organisation=names[0])
    return _("a former colleague") if person.staff_role else _("a former member")
