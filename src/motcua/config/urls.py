"""Root URLs. Languages are a preference and a cookie, never in the path."""

from django.urls import include, path

from motcua.config import health, metrics
from motcua.registry.people.web.urls import provider_patterns

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics.metrics),
    path("schemas/pack/", include("motcua.casework.packs.web.schema_urls")),
    path("", include("motcua.doors.portal.web.urls")),
    path("", include("motcua.registry.catalogue.web.urls")),
    path("", include("motcua.registry.people.web.urls")),
    path("", include("motcua.casework.dossiers.web.urls")),
    path("verify/", include("motcua.casework.warehouse.web.urls")),
    path("", include("motcua.casework.warehouse.web.document_urls")),
    path("", include("motcua.casework.appointments.web.urls")),
    path("desk/", include("motcua.casework.appointments.web.desk_urls")),
    path("desk/", include("motcua.doors.console.web.urls")),
    path("desk/", include("motcua.registry.access.web.urls")),
    path("desk/", include("motcua.casework.dossiers.web.desk_urls")),
    path("desk/disposal/", include("motcua.casework.disposal.web.urls")),
    path("desk/versions/", include("motcua.casework.packs.web.urls")),
    path("help-me/", include("motcua.community.helpdesk.web.urls")),
    path("desk/help-calls/", include("motcua.community.helpdesk.web.desk_urls")),
    path("satisfaction/", include("motcua.community.surveys.web.urls")),
    path("desk/satisfaction/", include("motcua.community.surveys.web.desk_urls")),
    path("desk/evaluation/", include("motcua.oversight.indicators.web.urls")),
    path("desk/figures/", include("motcua.oversight.indicators.web.figure_urls")),
    path("figures/", include("motcua.oversight.indicators.web.public_figure_urls")),
    path("desk/operations/", include("motcua.oversight.operations.web.urls")),
    path("", include("motcua.oversight.indicators.web.public_urls")),
    path("desk/", include("motcua.registry.organisations.web.delegation_urls")),
    path("desk/", include("motcua.registry.catalogue.web.offer_urls")),
    path("desk/organisations/", include("motcua.registry.organisations.web.urls")),
    path("", include("motcua.foundation.ui.urls")),
    path("theme/", include("motcua.foundation.installation.web.urls")),
    path("notifications/", include("motcua.foundation.notifications.web.urls")),
    path("", include("motcua.config.identity_urls")),
    path("api/v1/", include("motcua.doors.api.web.urls")),
    path("accounts/", include("motcua.config.allauth_urls")),
    path("accounts/", include(provider_patterns)),
    path("desk/", include("motcua.registry.people.web.desk_urls")),
    path("desk/catalogue/", include("motcua.registry.catalogue.web.desk_urls")),
]

handler400 = "motcua.foundation.ui.views.bad_request"
handler403 = "motcua.foundation.ui.views.permission_denied"
handler404 = "motcua.foundation.ui.views.page_not_found"
handler500 = "motcua.foundation.ui.views.server_error"
