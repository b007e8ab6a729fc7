"""The list of authorities to whom cases may be referred."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing
from moderation.evidence.admitting import admit_administrator
from moderation.models import Authority


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list says of an authority."""

    name: str
    country: str
    contact: str


@transaction.atomic
def save(authority: Authority | None, entry: Entry, *, by: User) -> Authority:
    """Add an authority, or change what the list says of one; packets keep what they said. Raises NotForYou and ValidationError."""
    admit_administrator(by)
    verb = "change_authority" if authority else "add_authority"
    authority = authority or Authority()
    authority.name, authority.country, authority.contact = entry.name, entry.country, entry.contact
    try:
        with transaction.atomic():
            authority.save()
    except IntegrityError as twice:
        raise ValidationError(_("This authority is in the list already."), code="unique") from twice
    auditing.record(
        verb,
        f"authority {authority.pk}",
        by=by,
        name=entry.name,
        country=entry.country,
        contact=entry.contact,
    )
    return authority


@transaction.atomic
def retire(authority: Authority, *, by: User) -> None:
    """Nothing more is referred to it; a second time changes nothing. Raises NotForYou."""
    admit_administrator(by)
    if Authority.objects.filter(pk=authority.pk, retired_at=None).update(retired_at=Now()):
        auditing.record("retire_authority", f"authority {authority.pk}", by=by)


@transaction.atomic
def reinstate(authority: Authority, *, by: User) -> None:
    """It is in the list again; a second time changes nothing. Raises NotForYou."""
    admit_administrator(by)
    if Authority.objects.filter(pk=authority.pk, retired_at__isnull=False).update(retired_at=None):
        auditing.record("reinstate_authority", f"authority {authority.pk}", by=by)
