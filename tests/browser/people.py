"""Who opens the pages: one person of the demonstration for each role, and a visitor."""

DOMAIN = "@demo.peer-exchange.example"
ROLES = {
    "visitor": "",
    "administrator": "administrator",
    "officer": "officer",
    "section officer": "section.africa",
    "association": "anamm",
    "city": "lyon",
    "other city": "nampula",
    "member": "member.lilongwe",
}
# The second city is there for walks that need two; pages are swept as these.
SWEPT = tuple(role for role in ROLES if role != "other city")


def address(role: str) -> str:
    """The e-mail address of a role; empty for the visitor."""
    return ROLES[role] + DOMAIN if ROLES[role] else ""
