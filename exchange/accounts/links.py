"""Where the links that are mailed lead: pages, mails and the command line agree on it here."""

from exchange.accounts.models import LinkKind

PLACES = {
    LinkKind.invitation: "/invitation",
    LinkKind.reset: "/new-password",
    LinkKind.sign_in: "/sign-in/by-link",
}


def path(kind: LinkKind, secret: str, language: str) -> str:
    """The path behind which a password is chosen, in the language of its reader."""
    return f"{PLACES[kind]}/{secret}?lang={language}"
