from django.urls import path

from motcua.casework.warehouse.web import views

app_name = "warehouse"
urlpatterns = [path("", views.verify, name="verify")]
