"""A sentence with the words of its time limit marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform.quotes import marked


@pytest.mark.parametrize(
    ("sentence", "words", "parts"),
    [
        ("乡镇要在6月底前全部挂牌。", "6月底前", [("乡镇要在", False), ("6月底前", True), ("全部挂牌。", False)]),
        ("6月底前全部挂牌。", "6月底前", [("6月底前", True), ("全部挂牌。", False)]),
        ("6月底前", "6月底前", [("6月底前", True)]),
        ("甲乙丙丁", "甲……丁", [("甲", True), ("乙丙", False), ("丁", True)]),
        ("甲乙丙丁", "丁……甲", [("甲乙丙丁", False)]),
        ("甲乙丙丁", "戊", [("甲乙丙丁", False)]),
        ("甲乙丙丁", "", [("甲乙丙丁", False)]),
    ],
)
def test_the_words_are_marked_where_they_stand(sentence, words, parts):
    assert marked(sentence, words) == parts


@given(st.text(min_size=1), st.text())
def test_the_sentence_stays_whole(sentence, words):
    assert "".join(text for text, _ in marked(sentence, words)) == sentence
