"""The words of the first hour: what to do first, and what good needs and offers look like."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# By task: what to do, and what it is good for.
FIRST_TASKS: dict[str, tuple[LazyString, LazyString]] = {
    "profile": (
        _l("Complete the profile of your organisation"),
        _l("Its languages and its point of contact: without them nobody can be matched with you."),
    ),
    "members": (
        _l("Name your member cities"),
        _l("You may then write needs and offers for them, and bundle what they need."),
    ),
    "need": (
        _l("Publish your first need"),
        _l("One precise question is enough. Ten minutes; you can stop at any time."),
    ),
    "offer": (
        _l("Publish your first offer"),
        _l("Something that works in your city and that you would show to others."),
    ),
    "answer": (
        _l("Answer your first match"),
        _l("We write to you when we find one. You say yes or no; the others wait for you."),
    ),
    "proposal": (
        _l("Send your first proposal"),
        _l("It brings together what several members need. It saves itself while you type."),
    ),
    "network": (
        _l("Invite the first coordinator"),
        _l("Record a city or an association, then invite whoever speaks for it."),
    ),
    "charge": (
        _l("Take charge of an exchange"),
        _l("Open one and write your name as its officer: its reminders then come to you."),
    ),
    "triage": (
        _l("Examine your first proposal"),
        _l("Find it eligible, ask for what is missing, or decline it and say why."),
    ),
    "match": (
        _l("Propose your first match"),
        _l("The matching desk says which offer fits which need, and why."),
    ),
}

# Three needs and three offers as they should be: a title that says what, a text that says for what.
GOOD_NEEDS: tuple[tuple[LazyString, LazyString], ...] = (
    (
        _l("How to bring market traders to sort organic waste"),
        _l(
            "Our three markets produce 40 tonnes of waste a day and none is sorted. We want to see "
            "how others agreed on it with the traders, who pays for the bins, and what becomes of "
            "the compost. Two people from waste services would travel in spring."
        ),
    ),
    (
        _l("A budget that residents of informal settlements decide on"),
        _l(
            "We set aside two per cent of our investments, but only the centre takes part. How did "
            "others reach people without an address, and how do they tell them what was built?"
        ),
    ),
    (
        _l("Safe ways to school with paint, posts and two months"),
        _l(
            "Fourteen schools lie on roads with trucks. We look for a city that tried cheap ways "
            "first and counted what changed, before it rebuilt anything."
        ),
    ),
)
GOOD_OFFERS: tuple[tuple[LazyString, LazyString], ...] = (
    (
        _l("Our composting plant, run by a cooperative of 60 waste pickers"),
        _l(
            "Seven years of figures: what it costs, what it sells, what went wrong in the first "
            "year. We can show it to six people for three days, in French or Portuguese, twice a "
            "year."
        ),
    ),
    (
        _l("A property register made in eighteen months with tablets and students"),
        _l(
            "It doubled our own revenue. We show the forms, the training and the quarrels, and "
            "lend two colleagues for a week."
        ),
    ),
    (
        _l("A heat plan for districts with few trees"),
        _l(
            "Cool rooms, an alarm by telephone, volunteers for older people. One online session of "
            "two hours, then a visit in summer if it helps."
        ),
    ),
)
