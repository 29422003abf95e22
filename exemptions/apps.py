"""App of the portal: 包容免罚."""

from django.apps import AppConfig


class ExemptionsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "exemptions"
    label = "exemptions"
    verbose_name = "包容免罚"

    def ready(self) -> None:
        """Fill the registries of the apps below: words of the trail, figures, what lies on a workbench."""
        from exemptions.cases import at_hand, figures
        from exemptions.cases.states import Verb
        from liaisons import open_work
        from reform import county_figures, month_figures, workbench_cards
        from xingxian_portal.foundation import audit_words

        audit_words.learn("case", dict(Verb.choices))
        month_figures.contribute(figures.for_the_month)
        county_figures.learn(figures.for_the_county)
        workbench_cards.learn(at_hand.card)
        open_work.learn(at_hand.in_hand)
