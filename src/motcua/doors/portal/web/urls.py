from django.urls import path

from motcua.doors.portal.web import acting, mandates, messages, places, sitemaps, tracker, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
    path("figures/now/", views.figures, name="figures"),
    path("places/", places.search, name="places"),
    path("places/suggest/", places.suggest, name="place-suggest"),
    path("places/<str:code>/", places.place, name="place"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/read/", messages.all_read, name="messages-read"),
    path("messages/settings/", messages.message_settings, name="message-settings"),
    path("messages/<uuid:message_id>/", messages.message, name="message"),
    path("acting/", acting.acting, name="acting"),
    path("mandates/", mandates.mandate_list, name="mandates"),
    path("mandates/give/", mandates.give, name="mandate-give"),
    path("mandates/<uuid:mandate_id>/accept/", mandates.accept, name="mandate-accept"),
    path("mandates/<uuid:mandate_id>/end/", mandates.end, name="mandate-end"),
    path("account/data-tracker/", tracker.data_tracker, name="data-tracker"),
    path("account/data-tracker/export.csv", tracker.data_tracker_csv, name="data-tracker-csv"),
]
