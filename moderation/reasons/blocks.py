"""Blocks (b) to (f): facts and source, automated means, the two kinds of ground, and redress."""

from datetime import datetime
from typing import assert_never

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from moderation.highlighting import Role, highlight
from moderation.models import Origin, Scan
from moderation.reasons.matter import Matter, say_day
from moderation.sources import Source

MOST_PASSAGES = 5
LONGEST_PASSAGE = 120


def facts(matter: Matter) -> str:
    """Block (b): what it is about and how it came to us; never who told us."""
    case = matter.decision.case
    parts = [_source(matter.source)]
    if case.origin == Origin.SAMPLE:
        parts.append(_("A person read it in a random check."))
    if case.origin == Origin.COPY:
        parts.append(_("It says word for word what another text says that we looked at."))
    if case.was_held and case.origin == Origin.SCAN:
        parts.append(_("Our automatic check held it before others could see it."))
    elif case.was_held:
        parts.append(_("Our automatic check could not judge it, so a person looked at it."))
    if matter.is_reported and matter.source == Source.OWN_INITIATIVE:
        parts.append(_("Other people reported it."))
    if matter.violation and not matter.is_erased:
        parts.append(_("It says: “%(text)s”") % {"text": case.snapshot})
    return "\n\n".join(parts)


def _source(source: Source) -> str:
    match source:
        case Source.OWN_INITIATIVE:
            return _("We looked at it on our own initiative.")
        case Source.USER_REPORT:
            return _("Other people reported it.")
        case Source.NOTICE:
            return _("We received a notice about it under Article 16 of the Digital Services Act.")
        case Source.TRUSTED_FLAGGER:
            return _("A trusted flagger under Article 22 of the Digital Services Act reported it.")
        case _:
            assert_never(source)


def automation(matter: Matter) -> str:
    """Block (c): which part machines had in finding it and in deciding, and which machines."""
    if matter.decision.case.origin == Origin.COPY:
        return _("Automated means were used to find it. The decision was made by a person.")
    if not matter.decision.case.was_held:
        return _("No automated means were used to find it. The decision was made by a person.")
    if matter.decision.case.origin == Origin.ERROR:
        return _(
            "An automated check failed, and so kept it back until a person looked at it. The decision was made by a person."
        )
    used = _(
        "Automated means were used to find it, and kept it back until now. The decision was made by a person."
    )
    return f"{used} {_versions(matter.scan)}".strip()


def _versions(scan: Scan | None) -> str:
    if scan is None or not (scan.ruleset or scan.model):
        return ""
    return _("The check used the rules of version %(ruleset)s and the model of version %(model)s.") % {
        "ruleset": scan.ruleset or "–",
        "model": scan.model or "–",
    }


def legal_ground(matter: Matter) -> str:
    """Block (d): the law that it rests on, and why. What moderators decide rests on the community rules."""
    if matter.violation:
        return _("The decision does not rest on a law: we did not examine whether it is illegal.")
    return _("We did not apply any law against it.")


def contractual_ground(matter: Matter) -> str:
    """Block (e): the rule that it rests on, why that applies to this text, and what the moderator wrote."""
    if matter.violation:
        parts = [
            _(
                "The decision rests on our community rules, which are part of the terms you agreed to. "
                "Rule %(code)s, %(label)s: %(definition)s"
            )
            % {
                "code": matter.violation.value,
                "label": matter.violation.label,
                "definition": matter.violation.definition,
            },
            _passages(matter),
        ]
    else:
        parts = [_("Our community rules against violent incitement: we find nothing in it that breaks them.")]
    return "\n\n".join(part for part in [*parts, matter.decision.reason] if part)


def _passages(matter: Matter) -> str:
    """The stretches of the text that the check matched. How something is framed speaks for the author, and is no ground."""
    if matter.scan is None or matter.is_erased:
        return ""
    parts = highlight(matter.decision.case.snapshot, matter.scan.reasons)
    found = dict.fromkeys(
        part.text.strip() for part in parts if part.role not in ("", Role.FRAME) and part.text.strip()
    )
    quoted = [_("“%(passage)s”") % {"passage": Truncator(text).chars(LONGEST_PASSAGE)} for text in found]
    return (
        _("It concerns these passages: %(passages)s") % {"passages": ", ".join(quoted[:MOST_PASSAGES])}
        if quoted
        else ""
    )


def redress(matter: Matter) -> str:
    """Block (f): what the person can do about it, where, and until when."""
    if matter.appeal_until is None:
        return _("There is nothing that you need to do.")
    address = settings.PARLER_URL + reverse("moderation:make_appeal", args=[matter.decision.pk])
    return say_redress(until=matter.appeal_until, address=address)


def say_redress(*, until: datetime, address: str) -> str:
    """Where somebody can appeal and until when, and to whom else they can turn, in the active language."""
    appeal = _(
        "If you think that this is wrong, you can appeal until %(date)s, free of charge: somebody else than the person who decided "
        "will look at it. This is the address: %(address)s"
    ) % {"date": say_day(until), "address": address}
    elsewhere = _(
        "You can also write to %(contact)s, or turn to a certified out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}
    return f"{appeal}\n\n{elsewhere}"
