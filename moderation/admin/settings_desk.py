"""How a moderator wants the desk to be: a page of one's own, for nobody else's settings."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.read_only import ReadOnlyAdmin
from moderation import arranging
from moderation.admin.desk import moderator_of
from moderation.desk_forms import DeskSettingsForm
from moderation.models import DeskSettings

SETTINGS = "admin:moderation_desksettings_changelist"


@require_http_methods(["GET", "POST"])
def arrange(request: HttpRequest) -> HttpResponse:
    moderator = moderator_of(request)
    desk = arranging.settings_of(moderator)
    form = DeskSettingsForm(request.POST if request.method == "POST" else None, instance=desk)
    if form.is_bound and form.is_valid():
        arranging.arrange(by=moderator, **form.cleaned_data)
        messages.success(request, _("Your desk is set up so from now on."))
        return redirect(SETTINGS)
    context = {**admin.site.each_context(request), "title": _("Your desk"), "form": form, "desk": desk}
    return TemplateResponse(request, "admin/moderation/desk_settings.html", context)


@admin.register(DeskSettings)
class DeskSettingsAdmin(ReadOnlyAdmin):
    """Only the one page: a moderator sees no settings but their own."""

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(arrange), name="moderation_desksettings_changelist")]
