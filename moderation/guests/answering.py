"""What guests hear of what came of their notice: in the transaction of the decision, in the language of the notice."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from moderation.measures import Measure
from moderation.models import Decision, GuestNotice, Letter, LetterKind
from moderation.taxonomy import Violation

BATCH = 1000


def answer_guests(decision: Decision) -> None:
    """Tell every guest who gave notice of the case what was decided. The caller holds the decision's transaction."""
    notices = GuestNotice.objects.filter(report__case=decision.case_id, erased_at=None).order_by("pk")
    Letter.objects.bulk_create((_answer(notice, decision) for notice in notices), batch_size=BATCH)


def answer_that_nothing_is_there(notice: GuestNotice) -> None:
    """End a notice about what not everybody can see. The caller holds the transaction in which it was given."""
    with translation.override(notice.language):
        nothing = _(
            "At the address that you gave us there is nothing that everybody can see: it was removed or withdrawn, or there never "
            "was anything. So there is nothing that we could decide about."
        )
        elsewhere = _(
            "Whoever can see something here that not everybody can see can report it after logging in."
        )
        _write(notice, f"{nothing}\n\n{elsewhere}").save()


def _answer(notice: GuestNotice, decision: Decision) -> Letter:
    with translation.override(notice.language):
        parts = [_describe(decision), _("A person decided this, without automated means."), _redress()]
        return _write(notice, "\n\n".join(parts), decision)


def _write(notice: GuestNotice, text: str, decision: Decision | None = None) -> Letter:
    return Letter(
        kind=LetterKind.OUTCOME,
        guest=notice,
        decision=decision,
        language=notice.language,
        subject=_("Parler: what came of your notice"),
        text=text,
    )


def _describe(decision: Decision) -> str:
    """The outcome and the rule that it rests on; nothing of what the author is told besides."""
    if decision.overturns_id:
        return _(
            "We had taken a measure because of it. We looked at it again and took that back: it does not break our rules."
        )
    if decision.measure == Measure.CLEAR:
        return _("A person looked at it and found nothing that breaks our rules, so we leave it as it is.")
    outcome = _("A person looked at it, and we took this measure: %(measure)s.") % {
        "measure": decision.get_measure().label
    }
    if not decision.violation:
        return outcome
    rule = Violation(decision.violation)
    ground = _("Rule %(code)s, %(label)s: %(definition)s")
    words = {"code": rule.value, "label": rule.label, "definition": rule.definition}
    return f"{outcome} {ground % words}"


def _redress() -> str:
    """Articles 16(5) and 20: guests complain too."""
    return _(
        "If you think that this is wrong, write to %(contact)s within six months, free of charge: another person than the one who "
        "decided will look at it. You can also turn to an out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}
