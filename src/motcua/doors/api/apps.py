from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "motcua.doors.api"
    label = "doors_api"
