"""The user's language: of those that O2G offers, what the server speaks and the set draws; answered in it at once."""

from dataclasses import dataclass

from prs.language import Language
from prs.links import Link
from prs.screens import Item, List, Screen, SoftKey, Text
from prs_apps.application import Visit, action, screen
from prs_apps.this_set.room import REFUSED, Gap, Room, popup, status, told
from services.errors import BadParameter

LINE = "language"
BETWEEN_CODES = " "


@dataclass(frozen=True, slots=True)
class Offer:
    """One of O2G's codes, and the language that the server speaks for it."""

    code: str
    language: Language


class LanguageRoom(Room):
    """Choose the language; where O2G has it for several regions, one of those."""

    @screen
    def language(self, visit: Visit, said: str = "") -> Screen:
        """List the languages, each in its own words."""
        users = self.house.o2g.users
        codes = told(lambda: users.supported_languages(visit.user.login, visit.deadline))
        if isinstance(codes, Gap):
            return self._not_there(visit, visit._("Language"), codes)
        now = self._reported(visit)
        offers: dict[str, list[Offer]] = {}
        for offer in self._offers(visit, codes):
            offers.setdefault(offer.language.code, []).append(offer)
        names = {code: _name(same[0].language) for code, same in offers.items()}
        order = visit.language.sorted(offers, lambda code: (names[code],))
        spoken = self.house.languages.of(now).code
        items = tuple(
            Item(
                names[code],
                detail=visit._("chosen") if code == spoken else "",
                link=self._choice(visit, _unlike(offers[code], now)),
            )
            for code in order
        )
        return Screen(
            title=visit._("Language"),
            body=(List(items, order.index(spoken) if spoken in order else 0),)
            if items
            else (Text(visit._("No other language is offered.")),),
            back=visit.link(self.home, LINE),
            popup=popup(visit, said),
            status=status(said),
        )

    @screen
    def region(self, visit: Visit, codes: str) -> Screen:
        """List the regions of a language: dates and times follow them."""
        now = self._reported(visit)
        offers = self._offers(visit, tuple(codes.split(BETWEEN_CODES)))
        items = tuple(
            Item(
                _region(offer.language),
                detail=visit._("chosen") if offer.code == now else "",
                link=visit.link(self.speak, offer.code),
            )
            for offer in offers
        )
        active = next((index for index, offer in enumerate(offers) if offer.code == now), 0)
        return Screen(title=_name(offers[0].language), body=(List(items, active),), back=visit.link(self.language))

    @action
    def speak(self, visit: Visit, code: str) -> Link:
        """Change the language."""
        try:
            self.house.o2g.users.set_language(visit.user.login, code, visit.deadline)
        except BadParameter:
            return visit.link(self.language, REFUSED)
        return visit.link(self.spoken)

    @screen
    def spoken(self, visit: Visit) -> Screen:
        """Tell the language that O2G now reports, in it."""
        language = self.house.languages.of(self._reported(visit))
        return Screen(
            title=_name(language),
            body=(Text(visit._("Your language is {language}.", language=_name(language))),),
            keys=(SoftKey(visit._("Done"), visit.link(self.home, LINE)),),
            back=visit.link(self.language),
        )

    def _reported(self, visit: Visit) -> str | None:
        """Give the language that O2G reports, which the reception has just looked at."""
        return self.house.o2g.users.language(visit.user.login, visit.deadline)

    def _offers(self, visit: Visit, codes: tuple[str, ...]) -> list[Offer]:
        spoken = ((code, self.house.languages.spoken(code)) for code in codes)
        return [Offer(c, language) for c, language in spoken if language and visit.model.draws(language.script)]

    def _choice(self, visit: Visit, offers: list[Offer]) -> Link:
        if len(offers) == 1:
            return visit.link(self.speak, offers[0].code)
        return visit.link(self.region, BETWEEN_CODES.join(offer.code for offer in offers))


def _unlike(offers: list[Offer], now: str | None) -> list[Offer]:
    """Leave out the codes that a reader cannot tell from another; of two such, the present one stays."""
    by_region: dict[str, Offer] = {}
    for offer in offers:
        if offer.code == now or str(offer.language.locale) not in by_region:
            by_region[str(offer.language.locale)] = offer
    return list(by_region.values())


def _name(language: Language) -> str:
    return language.name_of(language)


def _region(language: Language) -> str:
    locale = language.locale
    return str(locale.get_territory_name(locale) or "") or _name(language)
