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
    assert (row.subject, row.data) == (f"account {reader.pk}", {"role": "moderator", "before": "user"})


@pytest.mark.parametrize("arguments", [("nobody", "moderator"), ("reader", "king")])
def test_an_unknown_account_or_role_is_refused(reader, arguments):
    with pytest.raises(CommandError):
        give_role(*arguments)


def test_a_closed_account_is_given_no_role(db):
    closed = factories.make_user("closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(CommandError):
        give_role("closed", "moderator")


def test_whoever_gives_a_role_is_named_and_gives_none_above_their_own(reader, administrator):
    senior = factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)
    give_role("reader", "moderator", "--by", "@senior_s")
    assert AuditRow.objects.get(verb="appoint").actor_id == senior.pk
    with pytest.raises(CommandError, match="above their own"):
        give_role("reader", "administrator", "--by", "senior_s")
    give_role("reader", "administrator", "--by", "administrator_a")
    assert User.objects.get(pk=reader.pk).get_role() == Role.ADMINISTRATOR


@pytest.mark.usefixtures("author", "reader", "moderator", "administrator")
@pytest.mark.parametrize(
    ("giver", "taker", "role"),
    [
        ("author", "reader", "moderator"),
        ("moderator_m", "reader", "moderator"),
        ("senior_s", "senior_s", "administrator"),
        ("senior_s", "senior_t", "user"),
        ("senior_s", "administrator_a", "user"),
        ("administrator_a", "administrator_a", "user"),
        ("nobody", "reader", "moderator"),
    ],
)
def test_nobody_appoints_from_too_low(giver, taker, role):
    for handle in ("senior_s", "senior_t"):
        factories.make_user(handle, role=Role.SENIOR_MODERATOR)
    before = User.objects.get(handle=taker).get_role()
    with pytest.raises(CommandError):
        give_role(taker, role, "--by", giver)
    assert User.objects.get(handle=taker).get_role() == before
    assert not AuditRow.objects.filter(verb="appoint").exists()


def test_making_a_superuser_stands_in_the_audit_trail_too(db):
    User.objects.create_superuser("root_r", "root@example.org", factories.PASSWORD)
    assert AuditRow.objects.get(verb="appoint").data["role"] == "administrator"
