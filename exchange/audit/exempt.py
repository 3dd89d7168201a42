"""What the trail leaves out, and why: a house test holds these lists to what exists."""

# Tables whose rows are written by the program from other rows, or are a trail themselves.
TABLES = {
    "audit_entry": "the trail itself",
    "audit_link": "the chain over the trail",
    "audit_look": "an index over the trail",
    "edit": "says who saved what, as the trail does",
    "kept_form": "private text of one person, for a day",
    "matching_block": "a part of a computation",
    "matching_run_pair": "what a run found: computed again from needs and offers",
    "matching_shown": "counts how often a pair was shown",
    "process": "beats several times a minute: says who is alive, and nothing of a record",
    "receipt": "the answer to something sent twice",
    "reference_counter": "the next number of a reference",
    "reminder": "planned from other rows; every move of it is a step",
    "search_document": "what search knows of other rows",
    "sign_in_attempt": "counts for an hour; the log tells of refused sign-ins",
    "step": "the log of moves; the state it changed stands in the trail",
    "task_tally": "counts the rings of a task, some of them each few seconds",
}
# Tables whose rows a statement changes without an entry for each: one entry says how many.
_JOINED = "written with a new record of a sheet, whose entry has its words"
AT_ONCE = {
    "exchange_term": _JOINED,
    "known_device": "forgotten after a period, many a night; nobody reads the history of one",
    "link": "forgotten after a period, many a night; a link is never edited",
    "matching_run": "only its progress, and runs that came to nothing: what a run did are steps",
    "message": "emptied after a period, many a night; what became of a mail are steps",
    "need_term": _JOINED,
    "offer_term": _JOINED,
    "organisation_term": _JOINED,
    "place": "tens of thousands of the published list of places; the file says what changed",
    "second_factor": "it has no number: one person has one",
    "sign_in": "forgotten after a period, many a night; the list of sign-ins says when each ended",
    "webhook_delivery": "forgotten after a month; what became of each are steps",
}
# Columns that follow from others, or that the program touches at each look.
COLUMNS = frozenset(
    {
        "attempts",
        "heartbeat_at",
        "claimed_until",
        "created_at",
        "examined_at",
        "folded_name",
        "folded_text",
        "id",
        "last_counter",
        "last_sign_in_at",
        "next_try_at",
        "opened_at",
        "seen_at",
        "state_since",
        "updated_at",
        "used_at",
        "version_id",
    }
)
# Columns whose changes are steps, where a table moves by the thousand; and how far a work is.
OF_TABLES = {
    "data_export": frozenset({"tables_done"}),
    "matching_run": frozenset({"blocks_done"}),
    "message": frozenset({"state", "reason", "sent_at", "bundled", "facts"}),
}


def is_kept(table: str, column: str) -> bool:
    """Whether the trail tells of a column."""
    return column not in COLUMNS and column not in OF_TABLES.get(table, ())
