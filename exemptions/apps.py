"""App of the portal: 包容免罚."""

from django.apps import AppConfig


class ExemptionsConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "exemptions"
    label = "exemptions"
    verbose_name = "包容免罚"

    def ready(self) -> None:
        """Fill the registries of the apps below: words of the trail, figures, what lies on a workbench."""
        from exemptions import list_duties
        from exemptions.cases import at_hand, figures, succession
        from exemptions.cases.states import Verb
        from exemptions.edition_states import Verb as EditionVerb
        from exemptions.models import ExemptionList
        from exemptions.workbooks import annex, case_figures, case_ledger
        from exemptions.workbooks.case_sheet import CaseSheet
        from exemptions.workbooks.item_sheet import ItemSheet
        from liaisons import exports, imports, open_work
        from liaisons.letters import subjects
        from reform import county_figures, done_elsewhere, month_figures, workbench_cards
        from reform.models import ReminderRule
        from reform.reminders import sources
        from xingxian_portal.foundation import audit_words

        audit_words.learn("case", dict(Verb.choices))
        audit_words.learn("list", dict(EditionVerb.choices))
        succession.listen()
        for kind, _ in ExemptionList.FILED_KINDS:
            done_elsewhere.learn(kind, list_duties.PLACE)
        workbench_cards.learn(list_duties.card)
        month_figures.contribute(figures.for_the_month)
        county_figures.learn(figures.for_the_county)
        workbench_cards.learn(at_hand.card)
        open_work.learn(at_hand.in_hand)
        sources.learn(ReminderRule.CORRECTION, at_hand.to_recheck)
        subjects.learn(at_hand.KIND, at_hand.standings)
        for sheet in (ItemSheet, CaseSheet):
            imports.offer(sheet, exports.EXEMPTIONS)
        for export in (annex.EXPORT, case_ledger.EXPORT, case_figures.EXPORT):
            exports.offer(export)
        for papers in (case_ledger.PAPERS, annex.PUBLISHED):
            exports.offer_papers(papers)
