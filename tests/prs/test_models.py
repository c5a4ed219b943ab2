from pathlib import Path

import pytest
from pydantic import ValidationError

from prs.models import PhoneModels, phone_models


def test_a_station_type_is_found_as_o2g_spells_it() -> None:
    model = phone_models().of("NOE_C_Color_IP")
    assert (model.name, model.family, model.soft_keys) == ("IP Touch 4068", "large_colour", 10)
    assert phone_models().of("noe_c_color_ip") == model


def test_a_model_may_differ_from_its_family() -> None:
    assert phone_models().of("NOE_B_IP_8058s").soft_keys == 6
    assert phone_models().of("NOE_B_IP_8058s").family == "large_colour"


@pytest.mark.parametrize(
    ("station_type", "family"),
    [
        ("NOE_C_COLOR_IP_9999", "large_colour"),
        ("NOE_C_IP_9999", "large"),
        ("NOE_B_FUTURE", "small"),
        ("NOE_A_NEXT", "one_line"),
        ("SIP_EXTENSION", "small"),
        ("", "small"),
        (None, "small"),
    ],
)
def test_an_unknown_station_type_gets_the_nearest_family(station_type: str | None, family: str) -> None:
    assert phone_models().of(station_type).family == family


def test_every_family_has_a_model_and_every_figure_is_in_range() -> None:
    models = phone_models()
    assert {model.family for model in models.known} == {family.name for family in models.families}
    assert all(model.rows >= 1 and 0 <= model.soft_keys <= 10 for model in models.known)


def test_a_family_draws_its_scripts_or_everything() -> None:
    assert phone_models().of("NOE_A_IP").draws("Latn")
    assert not phone_models().of("NOE_A_IP").draws("Cyrl")
    assert phone_models().of("NOE_C_Color_IP").draws("Hans")


def test_a_table_with_a_script_that_nobody_knows_is_refused_at_start(tmp_path: Path) -> None:
    table = tmp_path / "phones.toml"
    table.write_text(Path("prs/phones.toml").read_text(encoding="utf-8").replace('["Latn"]', '["Latin"]'))
    with pytest.raises(ValidationError, match="has no Latin"):
        PhoneModels(table)


def test_a_table_with_a_wrong_figure_is_refused_at_start(tmp_path: Path) -> None:
    table = tmp_path / "phones.toml"
    table.write_text(Path("prs/phones.toml").read_text(encoding="utf-8").replace("soft_keys = 6", "soft_keys = 11"))
    with pytest.raises(ValidationError, match="soft_keys"):
        PhoneModels(table)
