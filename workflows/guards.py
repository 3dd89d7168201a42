"""Facts that moves depend on: pure functions of a row, named as the sentence they state.

The names are the codes that refusals carry; their words are in ``exchange/labels.py``.
"""

from typing import Any


def has_a_purpose(exchange: Any) -> bool:
    """Title and purpose are written: a reader can tell what is to be learned."""
    return bool(exchange.title and exchange.purpose)


def has_a_theme(exchange: Any) -> bool:
    """At least one theme is chosen, so that partners and readers can find it."""
    return any(term.vocabulary == "theme" for term in exchange.terms)


def has_a_learner(exchange: Any) -> bool:
    """At least one local government is named as learner, by itself or by its need."""
    return bool(exchange.needs) or any(p.role == "learner" for p in exchange.partners)


def a_match_waits(exchange: Any) -> bool:
    """A match of this exchange waits for the answer of a city, or is agreed."""
    return any(m.state in ("proposed", "half_agreed", "agreed") for m in exchange.matches)


def no_match_waits(exchange: Any) -> bool:
    """No match of this exchange waits for an answer any more."""
    return not a_match_waits(exchange)


def _committed(exchange: Any, role: str) -> bool:
    return any(p.role == role and p.committed_on for p in exchange.partners)


def host_has_committed(exchange: Any) -> bool:
    """A host has said yes."""
    return _committed(exchange, "host")


def learner_has_committed(exchange: Any) -> bool:
    """A learner has said yes."""
    return _committed(exchange, "learner")


def concept_note_is_agreed(exchange: Any) -> bool:
    """The concept note is written and the partners agreed to it on a day."""
    return bool(exchange.concept_note and exchange.concept_note_agreed_on)


def visit_has_dates(exchange: Any) -> bool:
    """The current visit has a first and a last day."""
    visit = exchange.current_visit
    return bool(visit and visit.starts_on and visit.ends_on)


def visit_has_a_programme(exchange: Any) -> bool:
    """The current visit has at least one session."""
    return bool(exchange.current_visit and exchange.current_visit.sessions)


def visit_has_participants(exchange: Any) -> bool:
    """At least one participant of the current visit has confirmed."""
    visit = exchange.current_visit
    return bool(visit and any(p.state == "confirmed" for p in visit.participants))


def attendance_is_recorded(exchange: Any) -> bool:
    """Who came to the current visit is written down."""
    return bool(exchange.current_visit and exchange.current_visit.attendance_recorded_on)


def evaluation_is_open(exchange: Any) -> bool:
    """Participants, hosts and experts have been asked for their evaluation."""
    return bool(exchange.current_visit and exchange.current_visit.evaluation_opened_on)


def several_visits_are_usual(exchange: Any) -> bool:
    """The kind of exchange lives over several visits (pairing, partnership, mentoring, lab)."""
    return bool(exchange.is_multi_visit)


def has_a_note(exchange: Any) -> bool:
    """The peer-learning note has been begun."""
    return exchange.note is not None


def note_is_in_review(exchange: Any) -> bool:
    """The author has handed the peer-learning note to the reviewer."""
    return exchange.note is not None and exchange.note.state in ("in_review", "published")


def note_is_with_author(exchange: Any) -> bool:
    """The reviewer has given the note back to its author."""
    return exchange.note is not None and exchange.note.state == "drafting"


def note_is_published(exchange: Any) -> bool:
    """The peer-learning note is public."""
    return exchange.note is not None and exchange.note.state == "published"


def road_map_has_owners(exchange: Any) -> bool:
    """The road map has actions, each with an owner and a date."""
    actions = exchange.road_map_actions
    return bool(actions) and all(a.owner_id and a.due_on for a in actions)


def was_disseminated(exchange: Any) -> bool:
    """At least one channel through which the note travelled is recorded."""
    return bool(exchange.note and exchange.note.disseminations)


def _follow_up_is_over(exchange: Any, months: int) -> bool:
    asked = [f for f in exchange.follow_ups if f.months == months]
    return bool(asked) and all(f.state in ("answered", "unanswered") for f in asked)


def follow_up_3_is_over(exchange: Any) -> bool:
    """Everyone asked after three months has answered, or counts as "no answer"."""
    return _follow_up_is_over(exchange, 3)


def follow_up_6_is_over(exchange: Any) -> bool:
    """Everyone asked after six months has answered, or counts as "no answer"."""
    return _follow_up_is_over(exchange, 6)


def follow_up_12_is_over(exchange: Any) -> bool:
    """Everyone asked after twelve months has answered, or counts as "no answer"."""
    return _follow_up_is_over(exchange, 12)


def a_change_is_recorded(exchange: Any) -> bool:
    """What changed in a policy or service is written down for at least one side."""
    return bool(exchange.recorded_changes)


def no_change_is_recorded(exchange: Any) -> bool:
    """Nobody recorded a change."""
    return not exchange.recorded_changes


def has_what_publishing_asks(listing: Any) -> bool:
    """The six fields of a need or an offer are there: organisation, title, text, language,
    a theme and a working language."""
    vocabularies = {term.vocabulary for term in listing.terms}
    written = listing.organisation_id and listing.title and listing.text and listing.language
    return bool(written) and {"theme", "language"} <= vocabularies


def has_places_left(offer: Any) -> bool:
    """The offer can still host somebody."""
    return bool(offer.places_taken < offer.places)


def all_places_are_taken(offer: Any) -> bool:
    """The offer cannot host anybody more."""
    return bool(offer.places_taken >= offer.places)


def holds_a_place(match: Any) -> bool:
    """A place of the offer is kept for this match."""
    return bool(match.holds_place)


def holds_a_host(match: Any) -> bool:
    """One of the hosts that the need wants is kept for this match."""
    return bool(match.holds_host)


def exchange_is_closed(match: Any) -> bool:
    """The exchange that the match led to has been closed, with or without a change."""
    closed = ("closed_with_change", "closed_without_change")
    return match.exchange is not None and match.exchange.state in closed


def has_hosted(offer: Any) -> bool:
    """An exchange has grown out of the offer and has run its course."""
    return any(match.state == "concluded" for match in offer.matches)


def need_is_open(match: Any) -> bool:
    """The need of the match still looks for somebody, or has just found this one."""
    return match.need.state in ("published", "matched")


def one_side_has_accepted(match: Any) -> bool:
    """One side has said yes and the other has not answered."""
    return not both_sides_have_accepted(match)


def both_sides_have_accepted(match: Any) -> bool:
    """Both sides have said yes."""
    return bool(match.need_answer == "accepted" and match.offer_answer == "accepted")


def note_is_complete(note: Any) -> bool:
    """The parts that a reader cannot do without are written."""
    return not note.missing_parts


def note_has_a_reviewer(note: Any) -> bool:
    """Somebody other than the author is named as reviewer."""
    return bool(note.reviewer_id and note.reviewer_id != note.author_id)


def original_is_published(translation: Any) -> bool:
    """The note itself is out: it has its number and its address."""
    return bool(translation.note.state == "published")


def translation_is_complete(translation: Any) -> bool:
    """Every passage that the original has is translated."""
    return not translation.missing


def translation_follows_the_original(translation: Any) -> bool:
    """No passage of the original has changed since it was translated."""
    return not translation.changed


def translation_has_a_second_reader(translation: Any) -> bool:
    """Somebody other than the translator is named to read the translation."""
    return bool(translation.reviewer_id and translation.reviewer_id != translation.translator_id)


def action_has_an_owner(action: Any) -> bool:
    """The road map action has an owner and a date."""
    return bool(action.owner_id and action.due_on)


def has_answers(follow_up: Any) -> bool:
    """The follow-up holds the answers of the city."""
    return bool(follow_up.answers)


def has_an_owner_and_a_day(recommendation: Any) -> bool:
    """Somebody answers for the recommendation, until a day."""
    return bool(recommendation.owner_id and recommendation.due_on)


def evidence_is_given(recommendation: Any) -> bool:
    """What shows that it was done is written down, or linked."""
    return bool(recommendation.evidence or recommendation.evidence_url)


def questions_are_written(consultation: Any) -> bool:
    """The consultation asks at least one question."""
    return bool(consultation.questions)


def synthesis_is_written(consultation: Any) -> bool:
    """What was made of the answers is written down."""
    return bool(consultation.synthesis)


def both_still_hold(pair: Any) -> bool:
    """What the one mechanism needs and what the other gives are both open still."""
    return all(one.state in ("open", "renewed") for one in (pair.need, pair.offer))


def leads_somewhere(item: Any) -> bool:
    """The item has become a need, an offer, an exchange, a topic or a commitment."""
    return bool(item.became)


def visit_has_not_begun(exchange: Any) -> bool:
    """An exchange on hold stood before its visit when it was put there."""
    return exchange.held_state in (
        "submitted",
        "more_information",
        "eligible",
        "matching",
        "match_proposed",
        "partners_agreed",
        "preparing",
        "confirmed",
    )


def every_block_is_done(run: Any) -> bool:
    """Every block of needs was compared with the offers."""
    return bool(run.blocks_total and run.blocks_done >= run.blocks_total)


def no_run_was_published_since(run: Any) -> bool:
    """Nobody published another run of the same programme since this one was begun."""
    return bool(run.base_number == run.published_number)


def practice_is_complete(practice: Any) -> bool:
    """Somebody is named for the practice, it has a title and says what was done."""
    source = practice.organisation_id or practice.observatory_id
    return bool(source) and any(one.title and one.summary for one in practice.texts)


def says_how_it_was_adapted(adoption: Any) -> bool:
    """The city says what it made different, and what changed there."""
    return bool(adoption.adapted and adoption.changed)


def an_answer_is_named(challenge: Any) -> bool:
    """An exchange, a topic, a laboratory, or why there is no answer."""
    return bool(challenge.answer and challenge.has_its_answer)


def module_has_a_partner(module: Any) -> bool:
    """It is written down who makes the module together with whom."""
    return bool(module.partners)


def module_has_a_version(module: Any) -> bool:
    """There is a version of the module that somebody can be given."""
    return bool(module.versions)


def method_has_steps(method: Any) -> bool:
    """The card says, step after step, what is to be done."""
    return bool(method.steps)


def pilot_says_what_came_of_it(pilot: Any) -> bool:
    """The result is written, and whether the method is kept, adapted or dropped."""
    return bool(pilot.result and pilot.decision)


def lab_has_a_cycle(lab: Any) -> bool:
    """There is a first question that the laboratory tries to answer."""
    return bool(lab.cycles)


def no_cycle_is_open(lab: Any) -> bool:
    """Each cycle has its result, or was dropped with a reason."""
    return not any(cycle.is_open for cycle in lab.cycles)


def lab_says_what_remains(lab: Any) -> bool:
    """The city says what it keeps, adapts or drops of what was tried."""
    return bool(lab.kept or lab.adapted or lab.dropped)


def cycle_has_a_prototype(cycle: Any) -> bool:
    """It is written down what is tried."""
    return bool(cycle.prototype)


def cycle_says_what_came_of_it(cycle: Any) -> bool:
    """It is written down how it was tested, and what came of it."""
    return bool(cycle.test and cycle.result)
