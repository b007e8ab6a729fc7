"""Block (a): what was done, what it means for the person, where it holds and for how long."""

from typing import assert_never

from django.utils.translation import gettext as _

from moderation.measures import ON_ACCOUNTS, Measure
from moderation.reasons.matter import Matter, say_day, say_moment


def describe(matter: Matter) -> str:
    """The measure on the text, the one on the account beside it, and the strike that it brings."""
    thing = {"thing": _("your post") if matter.decision.case.post_id else _("your profile")}
    if matter.overturned in ON_ACCOUNTS:
        return "\n\n".join(
            [_lifted(matter.overturned) % thing, _("What we decided about %(thing)s itself stands.") % thing]
        )
    parts = [_about_text(matter) % thing]
    if matter.account:
        parts.append(_taken_back(matter.account) if matter.overturned else _about_account(matter))
    if matter.strike_ends_at:
        parts.append(
            _(
                "This counts as a strike against your account until %(date)s. Several strikes can lead to further measures, "
                "about which a person decides each time."
            )
            % {"date": say_day(matter.strike_ends_at)}
        )
    return "\n\n".join(parts)


def _about_text(matter: Matter) -> str:
    taken = matter.decision.get_measure()
    match taken:
        case Measure.TAKE_DOWN:
            return _removed(matter)
        case Measure.LABEL | Measure.LIMIT | Measure.LOCK:
            return _marked(taken)
        case Measure.CLEAR:
            return _cleared(matter)
        case Measure.RESTORE:
            return _restored(matter)
        case Measure.WARN | Measure.STRIKE | Measure.READ_ONLY | Measure.SUSPEND | Measure.BAN:
            return _("This is about %(thing)s.")
        case Measure.ESCALATE:
            raise ValueError("a case that is passed on among moderators is not told to its author")
        case _:
            assert_never(taken)


def _removed(matter: Matter) -> str:
    if matter.is_shown:
        return _(
            "We do not publish the new version of %(thing)s, in any country and without an end date. "
            "The version that was visible before stays visible."
        )
    return _(
        "We removed %(thing)s: nobody but you can see it, in any country and without an end date, unless the "
        "decision is overturned."
    )


def _marked(taken: Measure) -> str:
    """For a text that stays up under a mark."""
    match taken:
        case Measure.LABEL:
            return _(
                "We marked %(thing)s as sensitive: others see a warning and open it before they read it, in every country and "
                "without an end date."
            )
        case Measure.LIMIT:
            return _(
                "We limited the reach of %(thing)s: it stays visible, and is not recommended to others, in any country and "
                "without an end date."
            )
        case _:
            return _(
                "We locked the thread below %(thing)s: it stays visible and takes no more comments, from any country and "
                "without an end date."
            )


def _cleared(matter: Matter) -> str:
    if matter.is_cleared:
        return _("We looked at %(thing)s and found nothing against the rules. Others can see it now.")
    return _(
        "We looked at a version of %(thing)s that you have replaced or withdrawn since, and found nothing against the "
        "rules."
    )


def _restored(matter: Matter) -> str:
    """What is otherwise, now that an earlier decision is taken back."""
    match matter.overturned:
        case Measure.LABEL:
            return _("We took back an earlier decision: %(thing)s is not marked as sensitive any more.")
        case Measure.LIMIT:
            return _("We took back an earlier decision: the reach of %(thing)s is not limited any more.")
        case Measure.LOCK:
            return _("We took back an earlier decision: %(thing)s takes comments again.")
        case Measure.TAKE_DOWN if matter.is_shown:
            return _("We took back an earlier decision: %(thing)s is visible again.")
        case Measure.TAKE_DOWN:
            return _(
                "We took back an earlier decision about %(thing)s. It does not become visible by this, because you took it "
                "back yourself."
            )
        case _:
            return _("We took back an earlier decision about %(thing)s.")


def _about_account(matter: Matter) -> str:
    date = {"date": say_moment(matter.ends_at) if matter.ends_at else ""}
    match matter.account:
        case Measure.WARN:
            return _("We warn you. Your account stays as it is.")
        case Measure.STRIKE:
            return _("Your account stays as it is.")
        case Measure.READ_ONLY:
            return (
                _(
                    "Your account is read-only until %(date)s, in every country: you can read, withdraw posts and appeal, and not "
                    "publish, edit, echo, upvote or follow. Afterwards it is as before, without your doing anything."
                )
                % date
            )
        case Measure.SUSPEND:
            return (
                _(
                    "Your account is suspended until %(date)s, in every country: nobody sees what you published, and you can log "
                    "in only to read statements and to appeal. Afterwards it is as before, without your doing anything."
                )
                % date
            )
        case Measure.BAN:
            return _(
                "Your account is banned, in every country and without an end date: nobody sees what you published, and you can "
                "log in only to read statements, to appeal and to take your data with you. Two people decided this together."
            )
        case _:
            raise ValueError(f"{matter.account} is no measure on an account")


def _lifted(account: Measure) -> str:
    """For a measure on the account that is taken back alone."""
    match account:
        case Measure.WARN:
            return _("We took back the warning that came with our decision about %(thing)s.")
        case Measure.STRIKE:
            return _("The strike that came with our decision about %(thing)s does not count any more.")
        case _:
            return _(
                "Your account is not restricted any more by the measure that came with our decision about %(thing)s."
            )


def _taken_back(account: Measure) -> str:
    match account:
        case Measure.WARN:
            return _("The warning is taken back as well.")
        case Measure.STRIKE:
            return _("The strike does not count any more.")
        case _:
            return _("Your account is not restricted by it any more.")
