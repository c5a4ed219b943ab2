"""The administration's words that its templates do not have: one place for those who will translate them.

The pages are in English only.
"""

from store.registered import LEAST_BYTES, MOST_BYTES, Kind

NOT_LET_IN = (
    "Not signed in. Login, password and code do not belong together, or the account is locked or off. "
    "After several wrong tries an account is locked for a while."
)
TOO_MANY_TRIES = "Too many tries from here. Wait some minutes."
TOO_MANY_AT_ONCE = "Too many people are signing in at the moment. Try again."
NOT_YOUR_PASSWORD = "This is not your password."  # noqa: S105
PASSWORDS_DIFFER = "The two are not the same."
NOTHING_NEW = "The new password is the old one."
WRONG_CODE = "This is not the code of the moment. Look whether the clock of your device is right."
NUMBER_MISSING = "Whose phone? Give a directory number."
NO_FILE = "Choose a file, or paste its text."
NOT_TEXT = "This file is no text in UTF-8."

KINDS = {
    Kind.BUILT_IN: "built in",
    Kind.PACKAGE: "package",
    Kind.EXTERNAL: "external",
}
FAMILIES = {
    "one_line": "one line",
    "small": "small display",
    "large": "large display",
    "large_colour": "large colour display",
}

LABELS = {
    "id": "Id",
    "kind": "Kind",
    "icon": "Icon",
    "order": "Place in menus",
    "enabled": "Switched on",
    "audience": "Who gets it",
    "parameters": "Parameters",
    "entry_identifier": "Identifier",
    "entry_index": "Index",
    "entry_parameter": "Registration parameter",
    "package": "Package",
    "url": "Address",
    "seconds": "Time limit",
    "most_bytes": "Size limit",
    "number": "Directory number",
    "text": "Text",
    "login": "Login",
}

ALLOWED = {
    "id": "Lower-case letters, digits and _, beginning with a letter; 40 at most. “menu” is taken.",
    "kind": "Choose one of the kinds.",
    "name": "60 characters at most, on one line.",
    "icon": "Lower-case letters and _, 20 at most; or nothing.",
    "order": "A whole number from 0 to 9999, or nothing.",
    "audience": "50 rules at most.",
    "users": "O2G login names, one on each line.",
    "numbers": "Directory numbers such as 70121, or ranges of the same length such as 70000-70099, one on each line.",
    "nodes": "Nodes of the OXE, one on each line.",
    "families": "Choose among the families.",
    "parameters": "One on each line, as in TOML: name = value. Names have lower-case letters, digits and _; values are "
    "texts in quotes, numbers, true or false.",
    "entry_identifier": "Letters, digits and _, 40 at most.",
    "entry_index": "A whole number from 0 to 99, or nothing.",
    "entry_parameter": "200 characters at most, without spaces.",
    "package": "The name of an installed package, or of a folder.",
    "url": "An address such as https://apps.example/news, without a password in it.",
    "seconds": "0.1 to 10 seconds.",
    "most_bytes": f"{LEAST_BYTES} to {MOST_BYTES} bytes.",
}


def label_of(name: str) -> str:
    """Name a field of a form as the form does."""
    if name.startswith("name_"):
        return f"Name ({name.removeprefix('name_')})"
    if name.startswith("rule_"):
        _, number, what = name.split("_", 2)
        return f"Rule {int(number) + 1 if number.isdigit() else ''}: {what}"
    return LABELS.get(name, name.replace("_", " "))
