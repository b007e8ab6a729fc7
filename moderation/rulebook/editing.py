"""Writing a house rule: every change of its text is a new version, which begins as a draft."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, scanner_loading
from moderation.models import HouseRule, RuleVersion
from moderation.rule_states import RuleState
from moderation.rulebook import sets, stepping
from moderation.scanning.house import compile_entry, digest_of
from moderation.scanning.refusals import BadRuleset
from moderation.scanning.rulesets import FEWEST_EXAMPLES

MOST_EXAMPLES = 100
# What no writer fills in; frames are checked where they are compiled.
_NOT_WRITTEN = {
    "id",
    "rule",
    "author",
    "written_at",
    "since",
    "exceptions",
    "approved_by",
    "share",
    "expires_at",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version says; examples stand one a line."""

    violation: str
    severity: str
    language: str
    pattern: str
    positive: str
    negative: str
    exceptions: tuple[str, ...] = ()
    note: str = ""


@transaction.atomic
def write(name: str, wording: Wording, *, by: User) -> RuleVersion:
    """A new rule with its first version. Raises ValidationError, by field, and NotForYou."""
    stepping.check_may_write(by)
    sets.lock()
    rule = HouseRule(name=name)
    rule.clean_fields(exclude=["id", "made_at"])
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
    except IntegrityError as taken:
        raise ValidationError({"name": _("There is a rule with this name.")}, code="taken") from taken
    rule.refresh_from_db()
    return _add_version(rule, 1, wording, by)


@transaction.atomic
def revise(rule: HouseRule, wording: Wording, *, by: User) -> RuleVersion:
    """A new version of a rule. Earlier ones that do not run yet are withdrawn; what runs goes on. Raises as `write` does."""
    stepping.check_may_write(by)
    sets.lock()
    latest = rule.versions.order_by("-number").first()
    if latest is not None and latest.sha256 == _seal(wording) and latest.note == wording.note:
        raise ValidationError(_("Nothing was changed."), code="unchanged")
    for version in rule.versions.preparing():
        stepping.move(version, RuleState.WITHDRAWN, by=by, why=_("A newer version was written."))
    return _add_version(rule, latest.number + 1 if latest else 1, wording, by)


def _add_version(rule: HouseRule, number: int, wording: Wording, by: User) -> RuleVersion:
    fields = {**asdict(wording), "exceptions": sorted(wording.exceptions)}
    version = RuleVersion(rule=rule, number=number, author=by, since=Now(), sha256=_seal(wording), **fields)
    _check(version)
    version.save(force_insert=True)
    version.refresh_from_db()
    auditing.record("write_rule", version.label, by=by, sha256=version.sha256)
    return version


def _seal(wording: Wording) -> str:
    return digest_of({**asdict(wording), "exceptions": sorted(wording.exceptions), "note": ""})


def _check(version: RuleVersion) -> None:
    """Refuse, beside the field, what the scanner would not take."""
    for field in ("positive", "negative"):
        count = len(getattr(version, field).splitlines())
        if not FEWEST_EXAMPLES <= count <= MOST_EXAMPLES:
            between = {"fewest": FEWEST_EXAMPLES, "most": MOST_EXAMPLES}
            message = _("Write %(fewest)d to %(most)d examples, one a line.") % between
            raise ValidationError({field: message}, code="examples")
    version.clean_fields(exclude=_NOT_WRITTEN)
    try:
        compile_entry(scanner_loading.get_shipped().ruleset, version.entry)
    except BadRuleset as refusal:
        raise ValidationError({"pattern": str(refusal)}, code="pattern") from refusal
