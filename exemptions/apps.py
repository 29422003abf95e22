"""App of the portal: 包容免罚."""

from django.apps import AppConfig


class ExemptionsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "exemptions"
    label = "exemptions"
    verbose_name = "包容免罚"

    def ready(self) -> None:
        """Lend the audit trail's page the words for what is done to a case."""
        from exemptions.cases.states import Verb
        from xingxian_portal.foundation import audit_words

        audit_words.learn("case", dict(Verb.choices))
