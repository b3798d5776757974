"""For machines only; pages about messages lie in `doors`."""

from django.urls import path

from motcua.foundation.notifications.web import views

app_name = "notifications"
urlpatterns = [path("sms-reports/", views.sms_report, name="sms-report")]
