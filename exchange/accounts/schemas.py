"""What people type to sign in."""

from marshmallow import fields

from exchange.schemas import Email, Schema


class SignInSchema(Schema):
    """E-mail and password."""

    email = Email(required=True)
    password = fields.String(required=True, metadata={"widget": "password"})
