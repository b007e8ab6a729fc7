"""What judging left behind, to be looked at: nothing here can be added, changed or deleted."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from moderation.admin.trail_page import show_trail
from moderation.models import AuditRow, Case, Decision, KnownBad, Report, Scan, Statement


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ("id", "revision_id", "verdict", "violation", "score", "ruleset", "model", "at")
    list_filter = ("verdict", "violation")
    search_fields = ("=id", "=revision__id")
    raw_id_fields = ("revision",)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("id", "case_id", "measure", "violation", "by", "at")
    list_filter = ("measure", "violation")
    list_select_related = ("by",)
    search_fields = ("=id", "=case__id", "=by__handle")
    fields = ("case", "measure", "violation", "reason", "overturns", "by", "at")


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("id", "decision_id", "recipient", "language", "created_at", "mailed_at", "attempts")
    list_select_related = ("recipient",)
    search_fields = ("=id", "=recipient__handle")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("id", "case_id", "violation", "reporter", "flagger", "reported_at")
    list_filter = ("violation",)
    list_select_related = ("reporter", "flagger")
    search_fields = ("=id", "=case__id", "=reporter__handle")
    fields = ("case", "reporter", "flagger", "violation", "comment", "reported_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Without those about the moderator's own texts: who reported a moderator is nothing that moderator should learn."""
        return (
            super()
            .get_queryset(request)
            .filter(case__in=Case.objects.decidable_by(cast("User", request.user)))
        )


@admin.register(AuditRow)
class AuditRowAdmin(ReadOnlyAdmin):
    """The list is a page of our own; one row is shown as Django shows it."""

    def get_urls(self) -> list[URLPattern]:
        trail = self.admin_site.admin_view(show_trail)
        return [path("", trail, name="moderation_auditrow_changelist"), *super().get_urls()]


@admin.register(KnownBad)
class KnownBadAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "violation", "source", "added_by", "added_at", "expires_at")
    list_filter = ("kind", "violation", "source")
    list_select_related = ("added_by",)
    fields = ("hash", "kind", "violation", "source", "added_by", "added_at", "expires_at")

    @admin.display(description=_("hash"))
    def hash(self, known: KnownBad) -> str:
        return str(known)
