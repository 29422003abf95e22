"""App of the portal: 包容免罚."""

from django.apps import AppConfig


class ExemptionsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "exemptions"
    label = "exemptions"
    verbose_name = "包容免罚"
