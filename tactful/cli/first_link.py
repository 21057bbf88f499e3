"""The first administrator's link, printed for `tactful up`, which runs for long and opens no database itself."""

from tactful.config import Settings
from tactful.console.links import PATH, Links
from tactful.store.crypto import KeyRing
from tactful.store.database import Database
from tactful.times import clock


def main() -> None:
    """Print the link's path; nothing once there is an account."""
    settings = Settings()
    database = Database(settings.database)
    try:
        with database.begin() as tx:
            token = Links(KeyRing.from_settings(settings), clock, settings.console_link_hours).first(tx)
    finally:
        database.close()
    if token:
        print(PATH + token)


if __name__ == "__main__":
    main()
