"""`make golden`: write the golden pages and the calls of screens anew. An argument names one application."""

import sys

from tests.golden import calls, pages
from tests.golden.asides import asides_house, passed_by
from tests.golden.house import READINGS, golden_house, language_of
from tests.walks import WALKS, users_of


def main() -> None:
    """Take every walk, and keep what it shows."""
    chosen = sys.argv[1:] or list(WALKS)
    for application in chosen:
        visits = []
        for reading in READINGS:
            with golden_house() as house:
                for family, number in users_of(application).items():
                    language = language_of(family, reading)
                    walker = house.walk(WALKS[application], number, family, language)
                    pages.write(pages.file_of(application, family, language), pages.gathered(walker.seen))
                    visits += house.recorder.visits
        with asides_house() as house:
            visits += passed_by(house, application)
        calls.keep(application, calls.summed(visits, application))
        sys.stdout.write(f"{application}\n")


if __name__ == "__main__":
    main()
