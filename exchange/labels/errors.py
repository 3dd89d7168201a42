"""Sentences for the codes of ``DomainError``; ``%(fact)s`` are its facts."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ERRORS: dict[str, LazyString] = {
    "nobody_to_ask": _l("These cities have named nobody who could answer."),
    "title_needed": _l("The note needs a title in its own language."),
    "too_many_views": _l("You have saved %(most)s views of this list. Remove one first."),
    "staff_share": _l("Only staff share views."),
    "name_taken": _l("You have a view of this name already."),
    "nobody_is_late": _l("It waits for nobody now."),
    "not_late_yet": _l("It is not late yet."),
    "choose_a_move": _l("Choose what happens next."),
    "moved_on": _l("This has moved on while you were looking. Here is how it stands now."),
    "sent_twice": _l("You sent this twice. It was done once."),
    "key_reused": _l("This Idempotency-Key has been used for something else."),
    "key_too_long": _l("An Idempotency-Key has 1 to 255 characters."),
    "overtaken": _l("Somebody else changed the same at this moment. Please send it again."),
    "not_written": _l("The database did not take it. Nothing of it was done; staff can see why."),
    "busy": _l("Many are writing at this moment. Please send it again in a few seconds."),
    "away": _l(
        "The database does not answer at this moment. "
        "Nothing was half-saved: please send it again in a minute."
    ),
    "full": _l(
        "The server has no room left to write. "
        "Nothing was half-saved: please send it again once somebody has made room."
    ),
    "not_allowed": _l(
        "Your account does not allow this. "
        "A coordinator of your organisation or the CGLU-UCLG team can help."
    ),
    "not_found": _l("There is nothing here, or nothing that you may see."),
    "sign_in_first": _l("Please sign in first."),
    "scope_missing": _l('This token may not do that: make one with the scope "write".'),
    "reason_required": _l("Please write why: the others will read it."),
    "choose_reason": _l("Please choose a reason."),
    "reason_for_team": _l("Please write the reason: only the CGLU-UCLG team will read it."),
    "bad_fields": _l("Some fields need your attention."),
    "refused": _l("This step is not possible yet."),
    "bad_value": _l("This value cannot be taken."),
    "unknown_sort": _l("The list can be sorted by: %(known)s."),
    "unknown_term": _l("There is no such entry: %(codes)s."),
    "unknown_trigger": _l("There is no such step: %(trigger)s."),
    "no_such_format": _l("There is no such format."),
    "least_above_most": _l("The most is below the least."),
    "not_in_library": _l("This is not in the library."),
    "make_a_new_version": _l("It is in the library: propose a new version instead."),
    "lab_is_over": _l("This laboratory is over and can no longer be changed."),
    "cycle_is_over": _l("This cycle is over and can no longer be changed."),
    "no_such_lab": _l("There is no such laboratory."),
    "no_such_pilot": _l("There is no such pilot."),
    "no_such_mechanism": _l("There is no such mechanism."),
    "pilot_is_over": _l("This pilot is over and can no longer be changed."),
    "not_yours": _l("You do not speak for this organisation."),
    "wrong_credentials": _l("E-mail and password do not go together."),
    "wait": _l("Too many tries. Wait %(minutes)s minutes, or choose a new password by mail."),
    "wrong_code": _l("This code does not work, or no longer. Wait for the next, and type it."),
    "sso_unverified": _l("The single sign-on does not vouch for an address."),
    "sso_nobody": _l("Nobody was invited with this address. Ask who invites people, or sign in."),
    "sso_other": _l("This account belongs to somebody else in the single sign-on."),
    "has_a_factor": _l("You have a second step already."),
    "factor_required": _l("Your role asks for a second step: it cannot be given up."),
    "prove_again": _l("Please prove again who you are."),
    "wrong_password": _l("This is not your present password."),
    "password_short": _l("At least %(least)s characters, please."),
    "password_long": _l("At most %(most)s characters, please."),
    "password_personal": _l(
        "Take away your name, your address and the name of this site: not enough is left."
    ),
    "password_easy": _l(
        "This is among the first that somebody would guess. Add words nobody would put together."
    ),
    "answered_already": _l("This was answered already. Thank you."),
    "delay_range": _l("Choose a day within the next %(days)s days."),
    "passed_on_often": _l(
        "This was passed on %(most)s times already: please write to the contact."
    ),
    "bad_days": _l(
        "Write at most %(most)s whole numbers with commas, such as -7, 0, 21; none beyond "
        "%(farthest)s."
    ),
    "unknown_placeholder": _l("There is no placeholder “%(name)s” here. There are: %(known)s."),
    "bad_placeholder": _l(
        "Braces are for placeholders only, such as {{ title }}. Write nothing else between them."
    ),
    "not_held": _l("Only a mail that is held back can be changed."),
    "link_gone": _l("This link has been used, has expired, or never was one."),
    "too_many_tokens": _l("You have %(most)s tokens already: revoke one first."),
    "has_this_role": _l("This person has this role already."),
    "has_a_password": _l("This person has chosen a password already."),
    "person_disabled": _l("This account is closed. Staff can open it again."),
    "email_taken": _l("Another account has this address."),
    "not_oneself": _l("Nobody does this to their own account: ask another administrator."),
    "last_coordinator": _l(
        "Name another coordinator first: somebody must answer for the organisation."
    ),
    "section_needed": _l("Say which section."),
    "window": _l("The last day lies before the first."),
    "finished": _l("This is fulfilled or withdrawn and can no longer be changed."),
    "needed_to_publish": _l("A published text must keep this. Withdraw it, or fill it in."),
    "own_practice": _l("It is this city’s own practice."),
    "adopted_already": _l("This city has taken it up already."),
    "its_code_stays": _l("The code stays: records are kept under it."),
    "no_harvest_url": _l("Its address is not written down. Send a file, or add the address."),
    "harvest_unreadable": _l("These records cannot be read (%(reason)s)."),
    "code_stays": _l("The code of a programme stays: its runs and files name it."),
    "network_stays_open": _l("The network at large is always open."),
    "run_at_work": _l("A run of this programme is at work. Wait for it, or discard it."),
    "another_was_published": _l(
        "Another run of this programme was published at this moment. Begin a new one."
    ),
    "taken_over": _l("Another worker has taken this run over."),
    "programme_closed": _l("This programme takes no needs any more. Choose another, or none."),
    "places_taken": _l("%(taken)s places are already taken: offer at least as many."),
    "hosts_held": _l("%(held)s cities are asked or found already: look for at least as many."),
    "already_there": _l("This is there already."),
    "already_asked": _l("Both cities are asked already: the reasons stay as they were told."),
    "not_ended": _l("This match has not ended: answer it as it stands."),
    "pause_past": _l("Choose a day to come: until then nobody new is suggested."),
    "own_listing": _l("This is your own: favourites are needs and offers of others."),
    "nothing_to_suggest": _l("Publish a need or an offer first: then you can suggest yourselves."),
    "no_match_not_declined_lately": _l(
        "One of the two said no lately, or an officer does not want this pair: it is left alone."
    ),
    "no_match_a_host_is_wanted": _l("The need has found all the hosts it wants."),
    "staff_remark": _l("Only the CGLU-UCLG team writes remarks to itself."),
    "not_a_side": _l("This is for the hosts and the learners of the exchange."),
    "dates_settled": _l("The dates are settled. Reopen the preparation to change them."),
    "dates_past": _l("These days have passed: propose days to come."),
    "dates_there": _l("These dates are proposed already: answer them."),
    "dates_many": _l("%(most)s dates are proposed already: agree on one of them."),
    "dates_not_agreed": _l("These dates do not suit everybody yet. Still to say yes: %(names)s."),
    "lessons_closed": _l("Lessons are written from the visit until the note is in review."),
    "sheet_signed": _l("%(name)s has signed this. Take the signature back to write on."),
    "erasure_asked": _l("You have asked already."),
    "already_erased_person": _l("The personal data of this person have been erased."),
    "last_administrator": _l("Without this person nobody could administer the program."),
    "erasure_unconfirmed": _l("Please tick that you have read what goes and what stays."),
    "photo_consent": _l("Without the consent of those shown it cannot be published."),
    "credit_consent": _l("Nobody is named without agreeing to it."),
    "cover_not_out": _l("Choose a photo that goes out with this note."),
    "photos_many": _l("There are %(most)s photos already: take one out first."),
    "upload_empty": _l("This file is empty."),
    "upload_large": _l("This file is larger than %(most)s MB."),
    "upload_infected": _l("The virus scanner found “%(name)s” in this file: it is not taken."),
    "upload_unscanned": _l(
        "This file cannot be looked at for viruses just now, and is not taken. "
        "Try again in a few minutes."
    ),
    "quota_reached": _l(
        "Your organisation has filled its %(most)s MB: take photos out, or ask the secretariat."
    ),
    "no_records_file": _l("This file holds no records: choose an XML file."),
    "no_picture": _l("Choose a picture that can be read: JPEG, PNG or WebP."),
    "picture_large": _l("This picture has more than %(most)s million points: make it smaller."),
    "answer_needed": _l("Answer this before you sign."),
    "cell_empty": _l("%(file)s, row %(row)s, column %(column)s: a value is needed."),
    "cell_long": _l("%(file)s, row %(row)s, column %(column)s: this is too long."),
    "cell_number": _l("%(file)s, row %(row)s, column %(column)s: “%(value)s” does not fit."),
    "cell_repeated": _l("%(file)s, row %(row)s, column %(column)s: “%(value)s” came before."),
    "cell_unknown": _l("%(file)s, row %(row)s, column %(column)s: “%(value)s” is not known."),
    "cell_unreadable": _l("%(file)s, row %(row)s, column %(column)s: characters cannot be read."),
    "file_columns": _l("%(file)s lacks the columns: %(columns)s."),
    "file_empty": _l("%(file)s holds no rows."),
    "file_encoding": _l("%(file)s is not in UTF-8."),
    "file_unreadable": _l("%(file)s cannot be read: %(why)s."),
    "row_shape": _l("%(file)s, row %(row)s has %(cells)s cells where %(columns)s are needed."),
    "came_with_program": _l("This came with the program and cannot be deleted: retire it."),
    "code_is_fixed": _l("Others know this entry by its code: it stays. Retire it and add another."),
    "under_itself": _l("An entry cannot lie under itself."),
    "membership_circle": _l("This body belongs to the organisation itself."),
    "no_body": _l("Only associations and sections have members."),
    "not_of_this": _l("The point of contact must be somebody of the organisation."),
    "only_governments": _l("Only a local government has a level."),
    "organisation_in_use": _l("This is used and cannot be deleted (%(where)s)."),
    "staff_only": _l("Only the secretariat or the section can change this."),
    "unknown_place": _l('There is no such place. Look it up with "Find a city".'),
    "code_taken": _l("Another one has this code already."),
    "number_taken": _l("Another version has this number already."),
    "more_than_all": _l("Women and men are more than all participants."),
    "no_such_module": _l("There is no such module."),
    "follows_itself": _l("A strategy cannot follow itself."),
    "questions_are_asked": _l("The questions are being answered: they stay as they are."),
    "consultation_closed": _l("This consultation takes no answers now."),
    "no_such_question": _l("There is no such question."),
    "became_already": _l("It has become this already."),
    "whose_is_it": _l("Say whose it is."),
    "taken_on": _l("Somebody has taken it on: it keeps an owner and a day."),
    "not_an_expectation": _l("Only an expectation is compared with the results."),
    "no_such_room": _l("No room opens with this code today. Look at it again, please."),
    "past_midnight": _l("A session would begin or end on another day."),
    "outside_the_forum": _l("This day is none of the forum's."),
    "visit_not_now": _l(
        "A visit is planned before the exchange confirms it; this one is past that, or on hold."
    ),
    "visit_before": _l("Visit %(number)s has not been held yet: plan one visit at a time."),
    "dates_needed": _l(
        "A confirmed visit keeps its dates: change them, but do not take them away."
    ),
    "sessions_outside": _l(
        "The programme does not fit these dates. Move or remove its sessions first."
    ),
    "times": _l("A session ends after it begins, on the same day."),
    "outside": _l("This is not a day of the visit."),
    "not_partner": _l("This organisation does not take part in the exchange."),
    "already_erased": _l("The personal data of this participant have been erased."),
    "already_nominated": _l("This address is already on the list."),
    "unknown_participant": _l("Somebody on this list is not a participant of the visit."),
    "visit_not_begun": _l("The visit has not begun yet."),
    "visit_is_over": _l("The visit is over."),
    "kind_needed": _l("Say whether it is a practice or a challenge."),
    "evaluation_closed": _l("The evaluation is not open."),
    "unknown_question": _l("Nobody asked this: %(codes)s."),
    "no_answers": _l("Answer at least one question."),
    "note_closed": _l(
        "This note is no longer with its author: only its reviewer or staff can change it."
    ),
    "translation_closed": _l("This translation is not with you now: look at where it stands."),
    "language_taken": _l("Choose a language into which nobody translates this note yet."),
    "second_person": _l("Whoever translates cannot be the second reader."),
    "note_incomplete": _l("A published note keeps this part: write something in it."),
    "not_an_insider": _l("Choose somebody of the partners or of the secretariat."),
    "not_published": _l("Publish the note first."),
    "already_partner": _l("This organisation has this role already."),
    "both_host_and_search": _l("You name a host and ask us to find one. Keep one of the two."),
    "consent_needed": _l("Without your consent the proposal cannot be sent."),
    "need_gone": _l("A need in it is no longer open: take it out, or choose another."),
    "proposal_incomplete": _l("Something is still missing."),
    "window_past": _l("The first day has passed: choose days to come."),
    "bundle_of_one": _l("Choose at least two needs."),
    "exchange_closed": _l("This exchange is closed: what is in it stays as it was."),
    "in_the_future": _l("This day has not come yet."),
    "is_relied_on": _l("The preparation rests on this: change it, but do not take it away."),
    "last_partner": _l("The exchange rests on this commitment: add another host or learner first."),
    "need_not_open": _l("A need must be published, and of an organisation you speak for."),
    "needs_settled": _l("The partners have agreed on the needs: they can no longer be changed."),
    "no_association": _l("Only an association or a section bundles the needs of its members."),
    "no_officer": _l("This person is no officer."),
    "answer_asks_for_it": _l("This answer asks for it."),
    "not_a_learner": _l("It did not learn in this exchange."),
    "no_such_topic": _l("There is no such topic any more."),
    "review_past": _l("This day has passed: it would have expired already."),
    "observatory_taken": _l("This observatory is a mechanism already."),
    "nothing_to_link": _l("Name an exchange, a practice or a need."),
    "too_little": _l("They have too little in common."),
    "other_side_agrees": _l("Your side has asked; the other side answers."),
    "not_agreed": _l("Both mechanisms must agree first."),
    "no_such_exchange": _l("There is no exchange of this number."),
    "held_already": _l("The mails of this exchange are held already."),
    "would_mail": _l(
        "This would write to %(people)s people at once. Send that number as “confirmed” to go on."
    ),
    "settled_already": _l("A colleague has dealt with this already."),
    "not_of_the_pair": _l("This organisation is no city of the pair."),
    "two_cities": _l("A pair has two cities: choose another one."),
    "no_such_organisation": _l("There is no such organisation."),
    "no_such_person": _l("There is no such person."),
    "not_a_fresh_draft": _l(
        "Only a draft that was never sent can be thrown away. Cancel the exchange instead."
    ),
    "not_a_partner": _l("This organisation takes no part in the exchange."),
    "proposal_settled": _l(
        "The proposal has been sent: staff can change it, or send it back to you."
    ),
    "stands_there_already": _l("It stands there already."),
    "already_answered": _l("This is answered already."),
    "answer_instead": _l("A side answers with yes or no; this step is made by itself."),
    "no_match_a_place_is_left": _l("The offer has no place left."),
    "no_match_another_organisation": _l("Need and offer are of the same organisation."),
    "no_match_both_published": _l("Need and offer must both be published."),
    "no_match_not_together_yet": _l("This pair has a match already."),
    "nothing_written": _l("Please write something."),
    "not_your_side": _l("You do not speak for this side of the match."),
    "which_side": _l("You speak for both sides: say for which one."),
    "pair_is_live": _l("This pair has a match already."),
    "weights_total": _l("The weights must make %(best)s together; these make %(total)s."),
    "unknown_setting": _l("The matcher has no setting “%(name)s”."),
    "line_too_long": _l("No more can wait in line than the %(kept)s suggestions that are kept."),
    "too_many_rows": _l("This file has more than %(most)s rows: divide it."),
    "not_a_table": _l("This file is neither CSV nor XLSX."),
    "not_keep": _l("This is no list of projects of keep.eu."),
    "no_rows": _l("This file holds no rows."),
    "file_gone": _l("The file is no longer here. Please send it again."),
    "uploader_gone": _l("Whoever sent this file may no longer import it."),
    "not_checked": _l("Only a sheet that was checked and is in order can be loaded."),
    "column_missing": _l("This column is missing."),
    "column_twice": _l("“%(words)s” is a second column of the same meaning."),
    "column_unknown": _l("“%(words)s” is no heading we know."),
    "value_needed": _l("A value is needed here."),
    "unreadable_characters": _l("This text holds characters that cannot be read."),
    "too_long": _l("At most %(longest)s characters, please."),
    "not_a_link": _l("“%(value)s” is no web address. It begins with https://."),
    "not_a_number": _l("“%(value)s” is no whole number."),
    "number_outside": _l("Give a number from %(least)s to %(most)s."),
    "not_a_date": _l("“%(value)s” is no day. Write 2026-05-31 or 31/05/2026."),
    "not_yes_or_no": _l("“%(value)s” is neither yes nor no."),
    "unknown_word": _l("“%(value)s” is none of the entries of this column."),
    "unknown_organisation": _l(
        "There is no organisation “%(name)s”. Import it first, or use its key."
    ),
    "several_organisations": _l(
        "There are several organisations “%(name)s”: add the country, as in “Córdoba (ES)”."
    ),
    "unknown_number": _l("Keys like this are numbers of ours, and there is no such row."),
    "came_before": _l("The same came before, in row %(row)s."),
    "only_staff_writes_organisations": _l(
        "Only the secretariat adds organisations; yours can be changed."
    ),
    "key_of_others": _l("This key names a row of another organisation."),
    "only_drafts": _l("A new exchange begins as a draft: leave this empty."),
    "in_use": _l("This is used and cannot be deleted; retire it instead."),
}


def error(code: str) -> LazyString:
    """The sentence of an error code."""
    return ERRORS[code]
