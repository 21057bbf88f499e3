"""Postal addresses of many countries, to their end and not beyond. All are invented."""

import pytest

from tests.privacy.recognizers.conftest import found, wanted

HITS = [
    "I live at «12 Baker Street», London",
    "ship it to «742 Evergreen Terrace, Springfield, IL 62704»",
    "Wir wohnen «Lindenstraße 5, 10115 Berlin»",
    "«Calle de Alcalá 45, 28014 Madrid»",
    "«12 rue de la Paix, 75002 Paris»",
    "«PO Box 1234»",
    "it is «12 rue de la paix»",
    "i live in «calle mayor 3»",
    "wohne «lindenstr. 5»",
    "«Via Roma 131, 50123 Firenze»",
    "«Keizersgracht 123, 1015 CJ Amsterdam»",
    "«Rua do Arenque 1634»",
    "meet me at «Koskikatu 25»",
    "«Søndergade 52»",
    "«ul. Miła 53»",
    "the address is «221B Baker Street, London NW1 6XE, United Kingdom»",
    "«1600 Pennsylvania Avenue NW, Washington, DC 20500»",
    "«7200 Bancroft Ave # 125C»",
    "«64 North 9th Street, Brooklyn»",
    "«no 8 new colony kl 89»",
    "«1501 hwy 14 east selma al 36703»",
    "«875 james street east road fl 02143»",
    "i'm at «213 luxury drive in the penthouse», phone is",
    "«4 fern avenue, on the 3rd floor» please",
    "at «31 north car street» please",
    "«9520 faires farm road charlotte nc 28213»",
    "«135 Carlingview Drive, Etobicoke, Ontario M9W 5E7, Canada»",
    "send it to «1987 74 Diakou Street\n Suite 680\n Kissousa\n Cyprus 36903»? I am away",
    "«12 Main Street, Apt 4B, Boston, MA 02110-1234» please",
    "«12 Main Street 2nd floor»",
    "at «PSC 0729, Box 5797\nAPO AP 96854»",
    "«unit 1009 box 0219\ndpo ap 51065»",
    "send to «USS Lorenzen\nFPO AE 25990»",
    "«Postfach 123456»",
    "my address is «14 the old mill» and my phone follows",
    "address «no 4 raju street middle city fl» and contact",
    "at «the corner of 76 Boulevard de Normandie and Eriksson Bridge»",
    "I live at «12 Baker Street», London. It is nice there",
    "I live at «825 Russell Avenue» in San José",
    "Ana Lima\n\n«12 Baker Street»\n«Apt. 3»\nLondon\nEngland «62704»",
    "«Am Markt 5, 28195 Bremen»",
    "«Damrak 1, 1012 LG Amsterdam»",
    "«Av. Paulista, 1578 - São Paulo, 01310-200»",
    "«Flat 4, 12 High Street, Oxford OX1 4DB»",
    "«Unit 5, 34 Smith Rd, Richmond VIC 3121»",
    "«15 bis avenue Foch 75116 Paris»",
    "«C/ Mayor 12, 3º B, 28013 Madrid»",
    "«350 Fifth Ave, 34th Floor, New York, NY 10118»",
    "«652 sauer ranch marcside new jersey 34524» ph",
    "«256 hillcrest lane boston 14526» contact",
]

NEAR_MISSES = [
    "5 minute drive to the airport",
    "12 way flights",
    "3 nights in Paris, 2 adults",
    "I need 2 rooms near the beach road",
    "during 1971, the company grew",
    "from 2014 via Rome",
    "2 hours in the way there",
    "a 4 star hotel on the main street",
    "about 10 results. City walk is nice",
    "Route 66 is a road trip of 14 days",
    "my ip address is wrong",
    "what is the address of the hotel?",
    "my address has changed since 2019",
    "at 10 am from the central station",
    "gate B22 and seat 12A",
    "BA 117 on 4 May",
    "on 14 March in Lisbon",
    "1 of 5 in the park",
    "we want 3 of the 5 tours in Rome",
    "I paid 300 euros for the drive",
    "top 10 beaches close to Lisbon",
    "route 66 then highway 101",
    "5 hotels close by",
    "visit 3 gardens",
    "1 hour walk along the canal",
    "Over 200 hotels near Oxford Street",
    "I can pay 150 in total, 75 each way",
]


@pytest.mark.parametrize("sentence", HITS)
def test_it_is_found_whole(sentence: str) -> None:
    text, spans = wanted(sentence, "STREET_ADDRESS")
    assert found(text) == spans


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("75 madurai 4234747072", "75 madurai"),
        ("9946497526 8855 madurai", "8855 madurai"),
        ("madurai nethaji street 9875874698", "madurai nethaji street"),
        ("31 north car street 9488105949", "31 north car street"),
    ],
)
def test_beside_a_phone_number_less_is_an_address(text: str, address: str) -> None:
    assert (address, "STREET_ADDRESS") in found(text)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_stays_readable(text: str) -> None:
    assert found(text) == []
