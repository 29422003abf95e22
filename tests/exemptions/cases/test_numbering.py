"""Numbers without gaps, also when people decide at the same moment: only a real lock shows that, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from exemptions.cases import deciding, numbering, recording
from exemptions.cases.kinds import Decision
from exemptions.models import DocumentNumber, ExemptionCase
from liaisons.models import User
from tests.cast import gather, township
from tests.exemptions.case_samples import AT, JUNE_20, SPARED, facts, officers, ready
from tests.races import at_once
from xingxian_portal.foundation.refusal import Refused


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_no_number_is_drawn():
    with pytest.raises(TransactionManagementError):
        numbering.draw(township(), DocumentNumber.DECISION, 2022, at=AT)


@pytest.mark.django_db
def test_a_number_whose_act_failed_is_drawn_again():
    unit = township()
    with transaction.atomic():
        numbering.draw(unit, DocumentNumber.ORDER, 2022, at=AT)
        transaction.set_rollback(True)
    assert numbering.draw(unit, DocumentNumber.ORDER, 2022, at=AT).sequence == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twelve_decisions_at_once_have_the_numbers_one_to_twelve_and_one_case_is_decided_once():
    cast = gather()
    cases = [ready(cast.weifen, number=f"案{n}").pk for n in range(11)]

    def decide(pk: int):
        by, case = User.objects.get(pk=cast.weifen.pk), ExemptionCase.objects.get(pk=pk)
        return deciding.decide(
            case, decision=Decision.NO_PENALTY, decided_on=JUNE_20, education="当面", spared=SPARED, by=by, at=AT
        )

    twice = [ready(cast.weifen, number="案同").pk] * 2
    outcomes = at_once(*(lambda pk=pk: decide(pk) for pk in [*cases, *twice]))

    assert len([one for one in outcomes if isinstance(one, Refused)]) == 1
    assert len([one for one in outcomes if isinstance(one, ExemptionCase)]) == 12
    drawn = DocumentNumber.objects.filter(kind=DocumentNumber.DECISION).values_list("sequence", flat=True)
    assert sorted(drawn) == list(range(1, 13))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_with_the_same_number_of_their_own_end_in_one_case_and_a_plain_refusal():
    cast = gather()
    named = officers(cast.weifen.unit)

    def record():
        by = User.objects.get(pk=cast.weifen.pk)
        return recording.record(by.unit, facts(number="兴蔚检1"), officers=named, by=by, at=AT)

    def unnumbered():
        by = User.objects.get(pk=cast.weifen.pk)
        return recording.record(by.unit, facts(), officers=named, by=by, at=AT)

    outcomes = at_once(record, record, unnumbered, unnumbered, unnumbered)
    said = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert len(said) == 1
    assert "兴蔚检1 已经登记过" in said[0]
    numbers = ExemptionCase.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["2022-001", "2022-002", "2022-003", "兴蔚检1"]
