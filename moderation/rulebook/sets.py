"""What runs at present, sealed: every change of it makes a new set, in the change's own transaction, which workers then find."""

from django.db import connection

from moderation import scanner_loading
from moderation.models import NarrowedRule, RuleVersion, SealedRules
from moderation.rule_states import RuleState
from moderation.scanning.house import combine, digest_of, read_house_set

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('moderation_sealedrules', 0))"


def lock() -> None:
    """Let one change after the other be made: a set that is sealed has everything that was committed before it.

    Every verb takes this lock first, before any row, and the audit trail last.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def seal_new() -> None:
    """Seal what runs now, unless that is what is sealed already. The caller holds the lock."""
    content = _content()
    digest = digest_of(content)
    newest = SealedRules.objects.order_by("-pk").values_list("digest", flat=True).first()
    if digest != newest and (newest or any(content.values())):
        SealedRules.objects.create(digest=digest, content=content)


def check_fit() -> None:
    """Compile what runs now together with the shipped rules, as workers will. Raises BadRuleset."""
    content = _content()
    combine(scanner_loading.get_shipped(), read_house_set(content, digest_of(content)))


def _content() -> dict[str, object]:
    running = list(RuleVersion.objects.running().select_related("rule").order_by("rule__name", "number"))
    return {
        "holding": [version.entry for version in running if version.state != RuleState.SHADOW],
        "watching": [version.entry for version in running if version.state == RuleState.SHADOW],
        "shares": {version.label: version.share for version in running if version.share},
        "narrowed": sorted(NarrowedRule.objects.acting().values_list("name", flat=True)),
    }
