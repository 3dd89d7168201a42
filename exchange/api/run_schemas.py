"""What the API gives back about a run of the matcher."""

from dataclasses import asdict

from marshmallow import Schema, fields

from exchange import labels
from exchange.api.match_schemas import ReasonOut
from exchange.api.schemas import NeedOut, OfferOut
from exchange.runs import queries


class RunBriefOut(Schema):
    """A run in the list. ``number`` is its place among the published ones of its programme."""

    id = fields.Integer()
    programme_code = fields.String()
    mode = fields.String()
    occasion = fields.String()
    state = fields.String()
    state_since = fields.DateTime()
    created_at = fields.DateTime()
    number = fields.Integer(allow_none=True)
    configuration_hash = fields.String()
    needs_count = fields.Integer()
    offers_count = fields.Integer()
    blocks_total = fields.Integer()
    blocks_done = fields.Integer()
    served = fields.Function(lambda run: run.report.get("served"))
    places = fields.Function(lambda run: run.report.get("places"))
    demo = fields.Boolean()


class RunOut(RunBriefOut):
    """A run with its report. ``progress``: from 0 to 1; ``changed_since``: needs and offers that
    were changed since it was begun; ``proof``: how near to the best it is known to be, in words."""

    base_number = fields.Integer()
    heartbeat_at = fields.DateTime(allow_none=True)
    attempts = fields.Integer()
    configuration = fields.Dict()
    report = fields.Dict()
    progress = fields.Function(lambda run: queries.progress(run).share)
    outcomes = fields.Function(queries.outcomes)
    changed_since = fields.Function(queries.changed_since)
    proof = fields.Function(lambda run: labels.proof(run.report) if "bound" in run.report else None)


class PairOut(Schema):
    """A pair that a run proposes. ``trade_off``: a better offer that the need did not get."""

    id = fields.Integer()
    need = fields.Nested(NeedOut(only=("id", "title", "state", "organisation")))
    offer = fields.Nested(OfferOut(only=("id", "title", "state", "organisation")))
    score = fields.Integer()
    rank = fields.Integer()
    pinned = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonOut))
    trade_off = fields.Dict(allow_none=True)
    outcome = fields.String()
    why_dropped = fields.String()


class UnservedOut(Schema):
    """A need that a run left without a host."""

    need = fields.Nested(NeedOut(only=("id", "title", "state", "organisation")))
    code = fields.String()
    sentence = fields.Function(lambda one: str(labels.UNSERVED[one["code"]]))


class LineOut(Schema):
    """A pair with its score in the earlier run and in this one; null where it is not there."""

    need_id = fields.Function(lambda line: line.need.id)
    offer_id = fields.Function(lambda line: line.offer.id)
    before = fields.Integer(allow_none=True)
    after = fields.Integer(allow_none=True)


class NeedChangeOut(Schema):
    """What a need gets: the sums of the scores of its pairs."""

    need_id = fields.Function(lambda change: change.need.id)
    before = fields.Integer()
    after = fields.Integer()


class HostChangeOut(Schema):
    """How many places an organisation gives."""

    organisation_id = fields.Integer()
    before = fields.Integer()
    after = fields.Integer()


class ComparisonOut(Schema):
    """A run beside the one that was published before it. ``coverage``: kind of group, group, how
    many needs were served and asked in each."""

    before_id = fields.Function(lambda found: found.before.id if found.before else None)
    totals = fields.List(fields.Integer())
    new = fields.List(fields.Nested(LineOut))
    gone = fields.List(fields.Nested(LineOut))
    same = fields.List(fields.Nested(LineOut))
    going_on = fields.List(fields.Nested(LineOut))
    needs_gain = fields.List(fields.Nested(NeedChangeOut))
    needs_lose = fields.List(fields.Nested(NeedChangeOut))
    hosts_gain = fields.List(fields.Nested(HostChangeOut))
    hosts_lose = fields.List(fields.Nested(HostChangeOut))
    coverage = fields.Function(
        lambda found: {
            kind: {code: asdict(group) for code, group in groups.items()}
            for kind, groups in found.coverage.items()
        }
    )
