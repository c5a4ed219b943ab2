"""Packages in a folder, asked for by several threads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from prs_apps.packages import Packages

THREADS = 4
TEA = """
import time

from prs.screens import Screen
from prs_apps.application import Application, Manifest, screen

time.sleep(0.1)


class Tea(Application):
    manifest = Manifest("tea", "Tea")

    @screen
    def home(self, visit):
        return Screen("Tea")


application = Tea
"""


def test_a_package_is_imported_once_however_many_want_it(tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea" / "__init__.py").write_text(TEA, encoding="utf-8")
    packages, together = Packages(tmp_path, lambda: ()), Barrier(THREADS)

    def want(_: int) -> type:
        together.wait()
        return packages.get("tea")

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(want, range(THREADS)))) == 1
