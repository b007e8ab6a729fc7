"""Shipped rules that a breaker keeps from holding, until a person lifts that."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing
from moderation.models import NarrowedRule
from moderation.rule_states import Breaker
from moderation.rulebook import sets
from moderation.rulebook.stepping import StepRefused, check_may_write


@transaction.atomic
def narrow_shipped(name: str, breaker: Breaker) -> None:
    """The machine lets a shipped rule only watch."""
    sets.lock()
    _row, is_new = NarrowedRule.objects.get_or_create(name=name, lifted_at=None, defaults={"why": breaker})
    if is_new:
        sets.seal_new()
        auditing.record("narrow_rule", name, by=None, why=breaker.value)


@transaction.atomic
def lift(narrowed: NarrowedRule, *, by: User) -> None:
    """A person lets a shipped rule hold again. Raises NotForYou, and StepRefused when that is done already."""
    check_may_write(by)
    sets.lock()
    acting = NarrowedRule.objects.acting().filter(pk=narrowed.pk)
    if not acting.update(lifted_at=Now(), lifted_by=by):
        raise StepRefused(_("This rule holds again already."))
    sets.seal_new()
    auditing.record("lift_rule", narrowed.name, by=by)
