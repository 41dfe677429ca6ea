"""Quantiles with missing answers agree with SciPy's Kaplan-Meier estimate, and say what they do not know."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from bot.exercise.survival import Bound, Wait, longest, quantile

seconds = st.integers(0, 30).map(float)
waits = st.one_of(
    seconds.map(Wait.ended),
    st.tuples(seconds, seconds).map(lambda pair: Wait.missing(pair[0], pair[0] + pair[1])),
)
shares = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0])


@given(st.lists(waits, min_size=1, max_size=25), shares)
def test_a_quantile_is_where_the_kaplan_meier_estimate_reaches_it(found: list[Wait], share: float) -> None:
    estimate = ecdf(
        CensoredData(
            uncensored=[wait.watched for wait in found if wait.answered],
            right=[wait.watched for wait in found if not wait.answered],
        )
    ).cdf
    reached = [
        float(moment)
        for moment, answered in zip(estimate.quantiles, estimate.probabilities, strict=True)
        if answered >= share - 1e-9
    ]
    known = quantile(found, share)
    assert known is not None
    if reached:
        assert known == Bound(min(reached))
    else:
        assert known.at_least


@given(st.lists(seconds, min_size=1, max_size=25), shares)
def test_with_every_answer_given_it_is_the_nearest_rank(taken: list[float], share: float) -> None:
    known = quantile([Wait.ended(one) for one in taken], share)
    assert known == Bound(sorted(taken)[math.ceil(share * len(taken)) - 1])


def test_a_median_that_too_few_answers_reach_is_a_lower_bound() -> None:
    found = [Wait.ended(90), *[Wait.missing(60, 1_000)] * 3]
    assert quantile(found, 0.5) == Bound(60, at_least=True)


def test_missing_answers_do_not_flatter() -> None:
    given_alone = [Wait.ended(one) for one in (10, 20, 30)]
    with_missing = [*given_alone, Wait.missing(60, 1_000), Wait.missing(60, 1_000)]
    assert quantile(given_alone, 0.5) == Bound(20)
    assert quantile(with_missing, 0.5) == Bound(30)


def test_the_longest_wait_is_open_ended_where_an_answer_is_missing() -> None:
    assert longest([Wait.ended(90), Wait.missing(60, 1_000)]) == Bound(90, at_least=True)
    assert longest([Wait.ended(90), Wait.ended(10)]) == Bound(90)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_nothing_asked_has_no_times(share: float) -> None:
    assert quantile([], share) is None
    assert longest([]) is None
