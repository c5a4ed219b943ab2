"""The guide for developers of applications, carried out as it stands, against a running house."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from settings import load
from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.settings_file import write_settings
from tests.command_line import environment
from tests.house import prs_client
from tests.phone import Phone

GUIDE = Path("docs/applications.md")
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "== expected after here =="


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the guide: `sh` is run, one with a file is written, `text` is what was just shown."""

    kind: str
    file: str
    text: str


def blocks() -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(GUIDE.read_text(encoding="utf-8"))]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[DemoHouse]:
    with demo_house(users=60, settings={"TOUCHLINE_APPLICATIONS_FOLDER": str(tmp_path / "applications")}) as running:
        write_settings(tmp_path / "var/demo.toml", running.settings, running.touchline.url)
        yield running


def run(script: str, house: DemoHouse, folder: Path) -> str:
    """Run a shell as a reader has it: it knows the house by the file that the guide names, and by nothing else."""
    shell = {name: value for name, value in environment(house).items() if not name.startswith("TOUCHLINE_")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail"], input=script, cwd=folder, env=shell, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_guide_leads_to_an_application_on_a_phone(house: DemoHouse, tmp_path: Path) -> None:
    script: list[str] = []
    expected: list[str] = []
    for block in blocks():
        if block.file:
            script.append(f"cat > {block.file} <<'END-OF-FILE'\n{block.text}END-OF-FILE\n")
        elif block.kind == "sh":
            script.append(block.text)
        elif block.kind == "text":
            script.append(f"echo '{MARK}'\n")
            expected.append(block.text.strip())
    shown = run("".join(script), house, tmp_path).split(MARK)
    assert len(expected) >= 3
    for before, wanted in zip(shown, expected, strict=False):
        assert re.sub(r" +", " ", wanted) in re.sub(r" +", " ", before)
    with prs_client(house) as prs:
        phone = Phone(prs, "70003")
        assert "Tea" in phone.open().labels
        phone.choose("Tea")
        assert phone.choose("Mint").text.startswith("Ready at ")
        small = Phone(prs, "70002")
        assert "Tea" not in small.open().labels
        key = prs.get("/phone/key-registration/MY_T?action=RegisterDirKey&number=70003")
        assert key.status_code == 200


def test_the_guide_has_blocks_of_each_kind() -> None:
    assert {"sh", "text", "python", "toml"} <= {block.kind for block in blocks()}


def test_settings_with_lists_and_tables_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "TOUCHLINE_LINK_KEYS": f'["{"k" * 32}"]',
        "TOUCHLINE_EXTERNAL_SECRETS": '{"rooms": "a secret \\"of\\" two"}',
        "TOUCHLINE_PRS_SHARED_SECRET": "s" * 20,
        "TOUCHLINE_TLS_CERT": "a.pem",
        "TOUCHLINE_TLS_KEY": "b.pem",
        "TOUCHLINE_O2G_URL": "https://o2g.example",
        "TOUCHLINE_O2G_LOGIN": "x",
        "TOUCHLINE_O2G_PASSWORD": "y",
        "TOUCHLINE_WORKERS": "1",
    }
    write_settings(tmp_path / "demo.toml", given, "https://phones.example")
    monkeypatch.setenv("TOUCHLINE_CONFIG", str(tmp_path / "demo.toml"))
    found = load()
    assert found.external_secrets["rooms"].get_secret_value() == 'a secret "of" two'
    assert found.link_keys[0].get_secret_value() == "k" * 32
