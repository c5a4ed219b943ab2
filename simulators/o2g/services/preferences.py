"""Preferences: a user's language, as O2G and as the OXE name it."""

from pydantic import BaseModel

from simulators.o2g.wire.answers import NO_CONTENT, Answer, bad_parameter, json_answer
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request
from simulators.o2g.world.people import languages


class Preferences(BaseModel):
    """The language that a user wants; written `en_GB` or `en-gb` (A23)."""

    guiLanguage: str | None = None
    oxeLanguage: str | None = None


@operation("GET", "/users/{loginName}/preferences")
def show(request: Request) -> Answer:
    """Show a user's languages."""
    person = request.person(request.values["loginName"])
    return json_answer({"guiLanguage": person.language, "oxeLanguage": languages()[person.language]})


@operation("POST", "/users/{loginName}/preferences")
def change(request: Request) -> Answer:
    """Change a user's language to one of the supported ones, named as O2G or as the OXE does; O2G's name goes first."""
    person = request.person(request.values["loginName"])
    wanted = request.read(Preferences)
    if wanted.guiLanguage is None and wanted.oxeLanguage is not None:
        code = next((gui for gui, oxe in languages().items() if oxe == wanted.oxeLanguage), "")
    else:
        code = (wanted.guiLanguage or "").lower().replace("_", "-")
    if code not in languages():
        details = {"userPreferences": {"errorType": "WRONG_VALUE", "parameter": "GUI_LANGUAGE"}}
        raise bad_parameter("this language is not supported", details)
    person.language = code
    return NO_CONTENT


@operation("GET", "/users/{loginName}/preferences/supportedLanguages")
def supported(request: Request) -> Answer:
    """List the languages that a user may choose."""
    request.person(request.values["loginName"])
    codes = list(languages())
    return json_answer({"supportedLanguages": codes, "supportedGuiLanguages": codes})
