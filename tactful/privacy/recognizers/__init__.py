"""One recognizer, or one family of them, a file. Each takes the normalised text and yields spans of it."""

from tactful.privacy.recognizers.address import ADDRESSES
from tactful.privacy.recognizers.bank import ACCOUNTS
from tactful.privacy.recognizers.birth import BIRTH
from tactful.privacy.recognizers.bookings import BOOKINGS
from tactful.privacy.recognizers.cards import CARDS
from tactful.privacy.recognizers.credentials import CREDENTIALS
from tactful.privacy.recognizers.email import EMAILS
from tactful.privacy.recognizers.first_look import Reader
from tactful.privacy.recognizers.keys import KEYS
from tactful.privacy.recognizers.national_ids import NATIONAL_IDS
from tactful.privacy.recognizers.network import NETWORK
from tactful.privacy.recognizers.papers import PAPERS
from tactful.privacy.recognizers.phone import PHONES
from tactful.privacy.recognizers.postcode import POSTCODES
from tactful.privacy.recognizers.username import USERNAMES
from tactful.privacy.recognizers.vehicles import VEHICLES

# All that need only patterns; names and bare answers are read apart.
RECOGNIZERS: list[Reader] = [
    *EMAILS, *KEYS, *CREDENTIALS, *CARDS, *ACCOUNTS, *NATIONAL_IDS, *PAPERS, *VEHICLES, *BOOKINGS, *NETWORK, BIRTH,
    *PHONES, *ADDRESSES, *POSTCODES, *USERNAMES,
]  # fmt: skip
