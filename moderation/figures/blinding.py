"""What somebody sees who judges a case a second time: everything that was there at the first decision, and nothing of it."""

from dataclasses import replace

from moderation.models import Case, SecondLook
from moderation.reviewing import Review, review


def review_blindly(look: SecondLook) -> Review:
    """The review of the decided case, as it was (`look` fetched `with_decision`).

    Without the decision and whatever came after it: other decisions, reports, and what is shown now, which would tell.
    """
    first = look.decision
    seen = review(Case.objects.with_target().get(pk=first.case_id))
    earlier = [one for one in seen.decisions if one.pk < first.pk and one.case_id != first.case_id]
    of_author = [one for one in seen.card.decisions if one.pk < first.pk]
    return replace(
        seen,
        shown=None,
        changes=[],
        # How right reporters were counts the first decision in.
        reported=replace(
            seen.reported,
            rows=[
                replace(row, accuracy=None)
                for row in seen.reported.rows
                if row.report.reported_at <= first.at
            ],
        ),
        decisions=earlier,
        card=replace(seen.card, decisions=of_author),
    )
