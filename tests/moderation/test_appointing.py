from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from moderation.models import AuditRow
from tests import factories


def give_role(*arguments: str) -> None:
    call_command("give_role", *arguments, stdout=StringIO())


def test_an_account_is_made_a_moderator_and_back(reader, client_for):
    give_role("@reader", "senior moderator")
    appointed = User.objects.get(pk=reader.pk)
    assert (appointed.get_role(), appointed.is_staff) == (Role.SENIOR_MODERATOR, True)
    assert client_for(appointed).get("/admin/moderation/case/").status_code == 200
    give_role("reader", "user")
    dismissed = User.objects.get(pk=reader.pk)
    assert (dismissed.get_role(), dismissed.is_staff) == (Role.USER, False)
    assert dismissed.has_perm("posts.add_post")
    assert not dismissed.has_perm("moderation.decide_case")


def test_every_appointment_stands_in_the_audit_trail(reader):
    give_role("reader", "moderator")
    row = AuditRow.objects.get(verb="appoint")
    assert (row.subject, row.data) == (f"account {reader.pk}", {"role": "moderator"})


@pytest.mark.parametrize("arguments", [("nobody", "moderator"), ("reader", "king")])
def test_an_unknown_account_or_role_is_refused(reader, arguments):
    with pytest.raises(CommandError):
        give_role(*arguments)


def test_a_closed_account_is_given_no_role(db):
    closed = factories.make_user("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(CommandError):
        give_role("closed", "moderator")
