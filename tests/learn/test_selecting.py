"""What is chosen for review: by shares, one of what says the same, few of one customer, the same for the same seed."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.errors import SetupError
from tactful.learn.choice import Alike, Chosen, Doubt, Selecting, Shares, Turn, Why
from tactful.learn.gate import load
from tactful.learn.naming import name, rarity
from tactful.learn.selecting import choose, quotas


def turn(id: int, *, subject: str = "", key: str = "", margin: float = 0.9, outside: bool = False) -> Turn:
    return Turn(id, subject or f"s{id}", key or f"k{id}", margin, outside, done=False)


def reviewed(id: int, intent: str) -> Turn:
    return Turn(id, f"s{id}", f"k{id}", 0.9, False, done=True, final_intent=intent)


def only(why: Why, size: int = 10, **more: int) -> Selecting:
    return Selecting(size=size, shares=Shares(**{each: float(each is why) for each in Why}), **more)


def ids(chosen: list[Chosen]) -> list[int]:
    return [each.turn for each in chosen]


def grouped(*members: list[int]) -> Alike:
    return Alike(group={f"k{n}": f"k{numbers[0]}" for numbers in members for n in numbers})


def test_the_unsure_ones_come_first() -> None:
    turns = [turn(1, margin=0.9), turn(2, margin=0.1), turn(3, margin=0.5)]
    assert ids(choose(turns, Alike(), (), only(Why.UNCERTAIN, 2)).chosen) == [2, 3]


def test_what_says_the_same_is_shown_once_and_counted() -> None:
    turns = [turn(n, key="k1" if n < 4 else "k4", margin=n / 10) for n in range(1, 6)]
    chosen = choose(turns, Alike(twin={"k1": "k1", "k4": "k1"}), (), only(Why.UNCERTAIN)).chosen
    assert [(each.turn, each.like) for each in chosen] == [(1, 4)]


def test_one_customer_does_not_crowd_out_the_others() -> None:
    turns = [turn(n, subject="loud", margin=0.1) for n in range(1, 30)] + [turn(99)]
    assert Counter(each.turn == 99 for each in choose(turns, Alike(), (), Selecting(per_customer=3)).chosen) == {
        False: 3, True: 1,
    }  # fmt: skip


def test_of_what_many_ask_one_each_then_the_next_and_what_was_looked_at_comes_later() -> None:
    turns = [turn(n) for n in range(1, 8)] + [reviewed(8, "greet")]
    found = choose(turns, grouped([1, 2, 8], [3, 4], [5]), (), only(Why.FREQUENT, 4))
    assert [each.turn for each in found.chosen if each.why is Why.FREQUENT] == [4, 2, 3, 1]


def test_what_no_intent_is_for_is_of_its_own_kind_and_suggests_an_intent_when_enough_customers_said_it() -> None:
    turns = [turn(n, outside=True) for n in range(1, 6)]
    found = choose(turns, grouped([1, 2, 3], [4, 5]), (), only(Why.OUTSIDE, 2))
    assert [each.why for each in found.chosen] == [Why.OUTSIDE, Why.OUTSIDE]
    assert [(group.turns, group.customers) for group in found.groups] == [((1, 2, 3), 3)]


def test_what_one_customer_says_over_and_over_is_no_group() -> None:
    turns = [turn(n, subject="one", outside=True) for n in range(1, 9)]
    assert choose(turns, grouped(list(range(1, 9))), (), Selecting()).groups == []


def test_a_label_in_doubt_is_asked_about_with_the_other_intent() -> None:
    found = choose([reviewed(1, "greet"), turn(2)], Alike(), [Doubt(1, "goodbye", 0.9)], only(Why.MISLABEL, 1))
    assert found.chosen == [Chosen(1, Why.MISLABEL, 0, 0.9, "goodbye")]


def test_what_a_kind_cannot_fill_goes_to_the_unsure_ones() -> None:
    found = choose([turn(n) for n in range(50)], Alike(), (), Selecting(size=20))
    assert Counter(each.why for each in found.chosen) == {Why.UNCERTAIN: 19, Why.RANDOM: 1}


def test_the_random_part_is_the_same_for_the_same_seed_and_owes_nothing_to_the_others() -> None:
    turns = [turn(n, margin=n / 100) for n in range(100)]
    draws = [
        ids([e for e in choose(turns, Alike(), (), Selecting(seed=seed)).chosen if e.why is Why.RANDOM])
        for seed in (7, 7, 8)
    ]
    assert draws[0] == draws[1] != draws[2]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30), st.floats(0, 1), st.booleans()), max_size=60),
    st.integers(1, 40),
    st.integers(1, 4),
)
def test_whatever_there_is_no_limit_is_passed(given_: list[tuple[int, int, float, bool]], size: int, most: int) -> None:
    turns = [turn(n, subject=f"s{s}", key=f"k{k}", margin=m, outside=o) for n, (s, k, m, o) in enumerate(given_)]
    alike = Alike(group={f"k{k}": f"k{k % 5}" for k in range(31)})
    chosen = choose(turns, alike, (), Selecting(size=size, per_customer=most)).chosen
    by_id = {each.id: each for each in turns}
    assert len(chosen) <= size
    assert len({by_id[each.turn].key for each in chosen}) == len(chosen)
    assert max(Counter(by_id[each.turn].subject for each in chosen).values(), default=0) <= most


def test_quotas_add_up() -> None:
    assert quotas(Selecting(size=40)) == {
        Why.UNCERTAIN: 20, Why.FREQUENT: 8, Why.OUTSIDE: 6, Why.MISLABEL: 4, Why.RANDOM: 2,
    }  # fmt: skip
    assert all(sum(quotas(Selecting(size=size)).values()) == size for size in range(1, 100))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("shares: {uncertain: 0.6}", "select.shares: the shares add up to 1.1, and must be 1."),
        ("shares: {guessed: 0.6}", "select.shares.guessed: Extra inputs are not permitted."),
        ("size: 0", "select.size: Input should be greater than or equal to 1."),
    ],
)
def test_a_wrong_setting_is_named(written: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "learning.yml").write_text(f"select:\n  {written}\n")
    with pytest.raises(SetupError, match=r"learning\.yml") as refused:
        load(tmp_path / "learning.yml")
    assert str(refused.value) == f"learning.yml: {told}"


def test_a_group_is_named_by_words_that_several_said_and_that_are_rare_elsewhere() -> None:
    rare = rarity(["where is my invoice", "where is my flight", "can I bring a bag"])
    said = {
        "a": ["can I bring my dog PERSON_1"],
        "b": ["dog on the flight, Zofia?"],
        "c": ["bring a dog"],
        "d": ["my dog on the flight"],
        "e": ["flight with my dog"],
    }
    assert name(said, rare, 3) == ["dog", "flight"]


def test_a_word_that_few_customers_said_names_nothing() -> None:
    assert name({"a": ["Zofia Zofia Zofia"], "b": ["Zofia"]}, rarity([]), 3) == []
