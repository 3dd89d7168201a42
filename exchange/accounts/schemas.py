"""What people type to sign in, to change their account, and to invite others."""

from typing import Any

from marshmallow import fields

from exchange.accounts.models import TokenScope
from exchange.config import LANGUAGES
from exchange.directory.models import Role, StaffRole
from exchange.schemas import Choice, Email, OneOf, Schema, Text, TimeZone


class Password(fields.String):
    """A password: never trimmed, never shown again. ``use`` is what a password manager is told."""

    def __init__(self, use: str, **options: Any) -> None:
        options["metadata"] = {"widget": "password", "autocomplete": use}
        super().__init__(required=True, **options)


class PageLanguage(OneOf):
    """A language in which there are pages and mails."""

    def __init__(self, **options: Any) -> None:
        meta = {"words": "page_language", "autocomplete": "language"}
        super().__init__("page_languages", metadata=meta, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in LANGUAGES:
            raise self.make_error("validator_failed")
        return text


class SignInSchema(Schema):
    """E-mail and password."""

    email = Email(required=True, metadata={"autocomplete": "username"})
    password = Password("current-password")


class CodeSchema(Schema):
    """A code of the telephone, or a recovery code."""

    one_time_code = Text(required=True, longest=40, metadata={"autocomplete": "one-time-code"})


class ProveSchema(Schema):
    """The password, from somebody who has signed in already."""

    password = Password("current-password")


class AddressSchema(Schema):
    """The address to which a reset link is mailed."""

    email = Email(required=True, metadata={"autocomplete": "username"})


class NewPasswordSchema(Schema):
    """The password chosen behind a link."""

    new_password = Password("new-password")


class ChangePasswordSchema(Schema):
    """The present password and the next one."""

    current_password = Password("current-password")
    new_password = Password("new-password")


class ProfileSchema(Schema):
    """What people change about themselves."""

    name = Text(required=True, metadata={"autocomplete": "name"})
    language = PageLanguage(required=True)
    time_zone = TimeZone(required=True)


class TokenSchema(Schema):
    """A key to the API as it is asked for."""

    name = Text(required=True, longest=80, metadata={"words": "token_name"})
    scope = Choice(TokenScope, required=True)


class InvitationSchema(Schema):
    """Somebody to invite to an organisation."""

    email = Email(required=True)
    name = Text(required=True)
    language = PageLanguage(required=True)
    role = Choice(Role, required=True)


class StaffInvitationSchema(Schema):
    """Somebody to invite to the world secretariat or a section."""

    email = Email(required=True)
    name = Text(required=True)
    language = PageLanguage(required=True)
    staff_role = Choice(StaffRole, required=True)
    section_code = OneOf("terms:section", longest=20)


class AccountSchema(ProfileSchema):
    """What staff change about an account."""

    email = Email(required=True)


class StaffAccountSchema(AccountSchema):
    """What administrators change about an account."""

    staff_role = Choice(StaffRole, allow_none=True)
    section_code = OneOf("terms:section", longest=20)
