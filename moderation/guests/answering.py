"""What guests hear of what came of their notice and of their appeal: in the transaction of the act, in the language of the notice."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from moderation.measures import Measure
from moderation.models import Decision, GuestNotice, Letter, LetterKind, Report
from moderation.models.appeals import TIME_TO_APPEAL
from moderation.reasons import blocks
from moderation.taxonomy import Violation

BATCH = 1000


def answer_guests(decision: Decision, *, but: Report | None = None) -> None:
    """Tell every guest who gave notice of the case what was decided, save whoever made the report `but`, who hears it otherwise.

    The caller holds the decision's transaction.
    """
    notices = GuestNotice.objects.filter(report__case=decision.case_id, erased_at=None).order_by("pk")
    notices = notices.exclude(report=but) if but else notices
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


def answer_appeal(notice: GuestNotice, decision: Decision, text: str) -> None:
    """Tell a guest how their appeal against `decision` ended, in words that are written already."""
    with translation.override(notice.language):
        subject = _("Parler: your appeal")
    _write_about_appeal(LetterKind.APPEAL, notice, decision, subject, text)


def pass_on(notice: GuestNotice, decision: Decision, text: str) -> None:
    """Send a guest what a moderator says about their appeal against `decision`."""
    with translation.override(notice.language):
        subject = _("Parler: a message about your appeal")
    _write_about_appeal(LetterKind.MESSAGE, notice, decision, subject, text)


def _write_about_appeal(
    kind: LetterKind, notice: GuestNotice, decision: Decision, subject: str, text: str
) -> None:
    Letter.objects.create(
        kind=kind, guest=notice, decision=decision, language=notice.language, subject=subject, text=text
    )


def _answer(notice: GuestNotice, decision: Decision) -> Letter:
    with translation.override(notice.language):
        how = _("A person decided this, without automated means.")
        return _write(notice, "\n\n".join([_describe(decision), how, _redress(notice, decision)]), decision)


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


def _redress(notice: GuestNotice, decision: Decision) -> str:
    """Articles 16(5) and 20: guests complain too, on their page when their notice led to nothing."""
    if decision.measure == Measure.CLEAR:
        address = settings.PARLER_URL + notice.get_absolute_url()
        return blocks.say_redress(until=decision.at + TIME_TO_APPEAL, address=address)
    return _(
        "If you think that this is wrong, write to %(contact)s within six months, free of charge: another person than the one who "
        "decided will look at it. You can also turn to an out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}
