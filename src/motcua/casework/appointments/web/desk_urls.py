from django.urls import path

from motcua.casework.appointments.web import counter, desk_appointments, settings

app_name = "queue-desk"
urlpatterns = [
    path("queue/", counter.counter, name="counter"),
    path("queue/open/", counter.open_one, name="open"),
    path("queue/act/", counter.act, name="act"),
    path("queue/printer/", counter.printer, name="printer"),
    path("queue/settings/", settings.settings_page, name="settings"),
    path("appointments/", desk_appointments.appointments, name="appointments"),
    path("appointments/new/", desk_appointments.new, name="appointment-new"),
    path("appointments/<uuid:appointment_id>/", desk_appointments.appointment, name="appointment"),
    path("appointments/<uuid:appointment_id>/cancel/", desk_appointments.cancel, name="appointment-cancel"),
]
