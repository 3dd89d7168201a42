"""What the buttons of the operations page send."""

from marshmallow import Schema, fields, validate


class RingSchema(Schema):
    """Which task."""

    task = fields.String(required=True, validate=validate.Length(1, 120))
