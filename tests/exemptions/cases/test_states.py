"""The table of moves of a case, read whole."""

from exemptions.cases.states import MOVES, OPEN, SETTLED, State, Verb, after, allows


def test_every_verb_stands_in_the_table_and_every_state_can_be_reached():
    assert set(MOVES) == set(Verb)
    assert {rule.to for rule in MOVES.values()} - {None} == set(State)


def test_what_is_allowed_where():
    table = {state: {verb.value for verb in Verb if allows(verb, state)} for state in ["", *State]}
    assert table == {
        "": {"record"},
        State.DRAFT: {"amend", "tick", "order", "decide", "transfer", "void", "hand_over"},
        State.CORRECTING: {"tick", "promise", "recheck", "void", "hand_over"},
        State.RECHECKED: {"tick", "order", "decide", "transfer", "void", "hand_over"},
        State.DECIDED: {"serve", "publicise", "void"},
        State.TRANSFERRED: {"void"},
        State.VOID: set(),
    }


def test_where_a_verb_leads():
    assert after(Verb.TICK, State.CORRECTING) == State.CORRECTING
    assert after(Verb.DECIDE, State.RECHECKED) == State.DECIDED
    assert not OPEN & SETTLED
