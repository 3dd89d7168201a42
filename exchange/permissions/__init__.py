"""The table of permissions, by noun. One line each: the sentence is the rule, the predicates
enforce it. A permission stands in one part alone.
"""

from exchange.permissions import exchanges, learning, matching, messages, people
from exchange.rules import Rule

PARTS = (people, matching, exchanges, messages, learning)
PERMISSIONS: dict[str, Rule] = {
    permission: rule for part in PARTS for permission, rule in part.PERMISSIONS.items()
}
