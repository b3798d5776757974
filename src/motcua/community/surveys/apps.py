from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "motcua.community.surveys"
    label = "community_surveys"
