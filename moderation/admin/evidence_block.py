"""What the page of a case says of referrals and legal holds: to seniors which ones, to others that there is a referral."""

from dataclasses import dataclass

from accounts.models import User
from moderation.evidence.admitting import is_senior
from moderation.evidence_forms import AskForm
from moderation.models import Case, LegalHold, Referral, ReferralRequest
from moderation.reviewing import Figures

MOST = 10


@dataclass(frozen=True, slots=True)
class EvidenceBlock:
    """Referrals of the case and an open request for one; holds only for seniors, to whom `is_senior` opens the way to more."""

    is_senior: bool
    referrals: list[Referral]
    request: ReferralRequest | None
    holds: list[LegalHold]
    ask_form: AskForm


def about(case: Case, moderator: User, figures: Figures) -> EvidenceBlock:
    """In two queries at most, for seniors in three, however much there is."""
    senior = is_senior(moderator)
    return EvidenceBlock(
        is_senior=senior,
        referrals=_referrals(case) if figures.referrals else [],
        request=_request(case) if figures.request else None,
        holds=_holds(case) if senior and figures.holds else [],
        ask_form=AskForm(),
    )


def _referrals(case: Case) -> list[Referral]:
    return list(Referral.objects.filter(case=case).select_related("authority").order_by("-pk")[:MOST])


def _request(case: Case) -> ReferralRequest | None:
    return ReferralRequest.objects.filter(case=case, answered_at=None).select_related("by").first()


def _holds(case: Case) -> list[LegalHold]:
    holds = LegalHold.objects.in_force().covering(user=case.author_id, post=case.post_id)
    return list(holds.ending_first()[:MOST])
