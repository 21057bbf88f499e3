"""A town that is called like a person stays readable where the sentence says that it is a town."""

import pytest

from tactful.privacy.places import is_place, without_town


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Where: UPTON SCUDAMORE Country Club.", "UPTON SCUDAMORE"),
        ("Where: Unionville (Orange) Country Club.", "Unionville"),
        ("Can you get me the weather for Fremont for Thursday?", "Fremont"),
        ("tell me what the weather forecast is for Duncans Mills on the 11th", "Duncans Mills"),
        ("The Los Gatos weather please.", "Los Gatos"),
        ("79367 Nybyvägen 65\nANKARSRUM\nSweden 94123", "ANKARSRUM"),
        ("?? Via delle Coste 41\n?? Colle Di Tora\n?? Italy", "Colle Di Tora"),
    ],
)
def test_it_is_a_place(text: str, town: str) -> None:
    start = text.index(town)
    assert is_place(text, start, start + len(town))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Can you help Fremont with the weather?", "Fremont"),
        ("the forecast, says Duncan Mills, is fine", "Duncan Mills"),
        ("Ana Moreira\n12 Main Street", "Ana Moreira"),
        ("thanks,\nAna\nsent from my phone", "Ana"),
        ("Jordan Miller bridges the gap", "Jordan Miller"),
    ],
)
def test_it_may_be_a_person(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_place(text, start, start + len(name))


def test_a_street_ends_before_the_town_that_it_is_said_to_be_in() -> None:
    text = "22 Pollen Crescent street in Fitzroy"
    assert text[: without_town(text, 0, len(text))] == "22 Pollen Crescent"
    assert without_town("22 Pollen Crescent", 0, 18) == 18
