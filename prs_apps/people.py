"""People's names, as a list sorts them and as a card greets them."""


def full_name(first_name: str, last_name: str) -> str:
    """Write a name as it is spoken: first name, last name; either may be empty."""
    return " ".join(part for part in (first_name.strip(), last_name.strip()) if part)


def listed_name(first_name: str, last_name: str) -> str:
    """Write a name as it is looked up: last name, first name; either may be empty."""
    return " ".join(part for part in (last_name.strip(), first_name.strip()) if part)
