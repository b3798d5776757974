from django.urls import path

from motcua.doors.portal.web import views

app_name = "portal"
urlpatterns = [path("", views.home, name="home"), path("figures/", views.figures, name="figures")]
