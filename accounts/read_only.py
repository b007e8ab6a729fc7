"""Records that the admin shows and nobody changes there; lists that never count whole tables."""

from typing import ClassVar, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.signals import looked_at

MOST_LISTED = 1000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # Generic in the stubs only.
    """Lists the first MOST_LISTED rows: the database stops counting, and skipping, there."""

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Model]", self.object_list)[:MOST_LISTED].count()


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Generic in the stubs only.
    """Newest first, to be looked at by those with the view permission; changes happen through verbs only."""

    ordering = ("-pk",)
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None
    view_on_site = False
    search_fields: ClassVar[tuple[str, ...]] = ("=id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The record that somebody looks at; those above are told, for there is what must not be looked at without a trace."""
        record: Model | None = super().get_object(request, object_id, from_field)
        if record is not None:
            looked_at.send(sender=type(record), record=record, by=request.user)
        return record
