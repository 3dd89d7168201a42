"""Names of the vocabularies."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

VOCABULARIES: dict[str, LazyString] = {
    "agenda": _l("Global agendas"),
    "channel": _l("Channels of dissemination"),
    "checklist_item": _l("Checklist of a visit"),
    "country": _l("Countries"),
    "dac_sector": _l("Sectors of development aid (OECD DAC)"),
    "decline_reason": _l("Reasons for declining"),
    "evaluation_question": _l("Questions of the evaluation"),
    "follow_up_question": _l("Questions of the follow-up"),
    "format": _l("Formats of exchange"),
    "language": _l("Languages"),
    "sdg_goal": _l("Sustainable Development Goals"),
    "sdg_indicator": _l("Indicators of the SDG"),
    "sdg_target": _l("Targets of the SDG"),
    "section": _l("Sections"),
    "theme": _l("Themes"),
}


def vocabulary(name: str) -> LazyString | str:
    """The name of a vocabulary; a code list of IATI keeps its own."""
    if name.startswith("iati:"):
        return f"IATI {name.removeprefix('iati:')}"
    return VOCABULARIES.get(name, name)
