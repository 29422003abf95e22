"""App of the portal: 执法改革."""

from __future__ import annotations

from django.apps import AppConfig


class ReformConfig(AppConfig):
    """Gives the app its label and its name in the administration."""

    name = "reform"
    label = "reform"
    verbose_name = "执法改革"

    def ready(self) -> None:
        """Lend the audit trail's page the words for what is done to an obligation; hear what `liaisons` announces."""
        from liaisons import announcements, exports, imports, open_work
        from liaisons.letters import subjects
        from reform import deliverables, in_hand, workbench_cards
        from reform.case_review import unit_card
        from reform.case_review import words as case_review_words
        from reform.reminders import standing
        from reform.states import Verb
        from reform.workbooks import EXPORTS, SHEETS
        from xingxian_portal.foundation import audit_words

        audit_words.learn("obligation", dict(Verb.choices))
        workbench_cards.learn(unit_card.of_unit)
        for noun, verbs in case_review_words.VERBS.items():
            audit_words.learn(noun, verbs)
        announcements.appointed.connect(deliverables.on_appointed)
        open_work.learn(in_hand.duties_of)
        for kind, reader in standing.READERS.items():
            subjects.learn(kind, reader)
        for export in EXPORTS:
            exports.offer(export)
        for sheet, part in SHEETS:
            imports.offer(sheet, part)
