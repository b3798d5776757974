from django.urls import path

from motcua.doors.portal.web import messages, tracker, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("figures/", views.figures, name="figures"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/read/", messages.all_read, name="messages-read"),
    path("messages/settings/", messages.message_settings, name="message-settings"),
    path("messages/<uuid:message_id>/", messages.message, name="message"),
    path("account/data-tracker/", tracker.data_tracker, name="data-tracker"),
    path("account/data-tracker/export.csv", tracker.data_tracker_csv, name="data-tracker-csv"),
]
