"""How the tag of a state looks: what it means to whoever reads a list, never the state itself."""

_KINDS: dict[str, tuple[str, ...]] = {
    "good": (
        "agreed",
        "answered",
        "closed_with_change",
        "concluded",
        "confirmed",
        "done",
        "eligible",
        "fulfilled",
        "in_library",
        "in_use",
        "published",
        "sent",
        "taken_up",
        "visited",
    ),
    "turn": (
        "asked",
        "captured",
        "half_agreed",
        "in_review",
        "match_proposed",
        "note_in_review",
        "proposed",
        "submitted",
        "suggested",
    ),
    "warn": ("cancelled", "declined", "failed", "more_information", "unanswered"),
    "quiet": (
        "discarded",
        "draft",
        "dropped",
        "expired",
        "lapsed",
        "on_hold",
        "retired",
        "set_aside",
        "skipped",
        "withdrawn",
    ),
}
STATE_KINDS: dict[str, str] = {state: kind for kind, states in _KINDS.items() for state in states}


def state_kind(state: str) -> str:
    """The kind of tag for a state of any workflow; what simply goes on is plain."""
    return STATE_KINDS.get(str(state), "plain")
