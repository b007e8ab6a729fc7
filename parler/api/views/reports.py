"""Reporting to the moderators."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limiting
from moderation import reporting
from moderation.models import Report, SetAsideReport
from parler.api import paging
from parler.api.access import for_people
from parler.api.base import ApiView
from parler.api.entities import accounts, types
from parler.api.schema import answers
from parler.api.views import finding
from parler.api.views.instance import rule_ids
from parler.api.wire import moment
from posts.models import Post, Profile
from posts.showing import show

MAX_STATUSES = 20
CATEGORIES = ("spam", "legal", "violation", "other")


class IdsField(serializers.ListField):
    """Ids; a single one may come without its list."""

    child = serializers.CharField(max_length=30)

    def to_internal_value(self, data: Any) -> list[str]:
        texts: list[str] = super().to_internal_value(data if isinstance(data, list) else [data])
        return texts


class ReportForm(serializers.Serializer[Any]):
    account_id = paging.IdField()
    status_ids = IdsField(required=False, max_length=MAX_STATUSES)
    comment = serializers.CharField(default="", allow_blank=True)
    category = serializers.ChoiceField(CATEGORIES, default="other")
    rule_ids = IdsField(required=False, help_text="Ids of `rules` of the instance; the first one counts.")

    def validate_rule_ids(self, ids: list[str]) -> list[str]:
        if not set(ids) <= rule_ids().keys():
            raise serializers.ValidationError("does not reference valid rules")
        return ids


class Reports(ApiView):
    needs = {"POST": for_people("write:reports")}

    @extend_schema(request=ReportForm, responses={200: answers(types.Report)})
    def post(self, request: Request) -> Response:
        """Report statuses of a person, or, without statuses, the person's profile."""
        form = self.sent(ReportForm)
        limiting.count("report", self.person.pk)
        reported = finding.person(self.person, form["account_id"])
        rules = form.get("rule_ids", [])
        violation = rule_ids()[rules[0]] if rules else ""
        targets = self._targets(reported.profile, form.get("status_ids", []))
        filed = [
            reporting.report(target, by=self.person, violation=violation, comment=form["comment"])
            for target in targets
        ]
        return Response(_present(filed[0], form, accounts.present([reported])[0]))

    def _targets(self, profile: Profile, ids: list[str]) -> list[Post] | list[Profile]:
        """Raises Http404 for a status that is not to be seen, or not of this person."""
        if not ids:
            return [profile]
        wanted = finding.ids(ids)
        found = [shown.post for shown in show(wanted, reader=self.person)]
        if len(found) != len(set(ids)) or any(post.author_id != profile.pk for post in found):
            raise Http404
        return found


def _present(filed: Report | SetAsideReport, form: dict[str, Any], target: types.Account) -> types.Report:
    return {
        "id": str(filed.pk),
        "action_taken": False,
        "action_taken_at": None,
        "category": form["category"],
        "comment": filed.comment,
        "forwarded": False,
        "created_at": moment(filed.reported_at),
        "status_ids": form.get("status_ids"),
        "rule_ids": form.get("rule_ids"),
        "target_account": target,
    }
