"""Applications that others have written in Python: found by entry point or in a folder, imported where nothing they do
wrong harms anybody."""

import importlib.util
import re
import sys
import threading
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import structlog

from prs_apps.application import HOME, Application, Manifest
from prs_apps.manifest_file import ManifestRefused, faults_of

GROUP = "touchline.applications"
NAME = "application"
MODULES = "touchline_applications"
FOLDER_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

log = structlog.get_logger(__name__)

EntryPoints = Callable[[], Iterable[EntryPoint]]


class PackageRefused(Exception):
    """A package cannot be used; the text says why, for whoever wrote it."""


def installed() -> Iterable[EntryPoint]:
    """List the entry points of what is installed."""
    return entry_points(group=GROUP)


class Packages:
    """Where packages are, and what was imported of them. A package is imported once in the life of a process."""

    def __init__(self, folder: Path | None, points: EntryPoints = installed) -> None:
        """Take the folder of the setting `applications_folder` (None: there is none) and what lists entry points."""
        self._folder = folder
        self._points = points
        self._imported: dict[str, type[Application]] = {}
        self._importing = threading.RLock()  # one package may ask for another

    def names(self) -> tuple[str, ...]:
        """Name every package there is, sorted; whether it can be used is not looked at."""
        found = {point.name for point in self._points()}
        if self._folder is not None and self._folder.is_dir():
            below = (inner for inner in self._folder.iterdir() if (inner / "__init__.py").is_file())
            found |= {inner.name for inner in below if FOLDER_NAME.fullmatch(inner.name)}
        return tuple(sorted(found))

    def get(self, name: str) -> type[Application]:
        """Import a package's application; a folder goes before an entry point of the same name.

        Raises:
            PackageRefused: there is none of that name, it cannot be imported, or it is no application.
        """
        with self._importing:
            if name not in self._imported:
                self._imported[name] = _checked(self._import(name))
            return self._imported[name]

    def _import(self, name: str) -> object:
        # Whatever somebody else's module raises while it is imported, `exit()` among it, ends here.
        try:
            file = self._file(name)
            if file is not None:
                return _from_folder(name, file)
            point = next((point for point in self._points() if point.name == name), None)
            if point is not None:
                return point.load()
        except PackageRefused:
            raise
        except ManifestRefused as error:
            raise PackageRefused(str(error)) from error
        except (Exception, SystemExit) as error:
            log.warning("package_not_imported", package=name, exc_info=error)
            raise PackageRefused(_told(error)) from error
        raise PackageRefused(f"there is no package {name!r}")

    def _file(self, name: str) -> Path | None:
        if self._folder is None or not FOLDER_NAME.fullmatch(name):
            return None
        file = self._folder / name / "__init__.py"
        return file if file.is_file() else None


def _from_folder(name: str, file: Path) -> object:
    module_name = f"{MODULES}_{name}"
    spec = importlib.util.spec_from_file_location(module_name, file, submodule_search_locations=[str(file.parent)])
    assert spec is not None  # noqa: S101  (a file that ends with .py has a loader)
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        for inner in [inner for inner in sys.modules if inner == module_name or inner.startswith(f"{module_name}.")]:
            del sys.modules[inner]  # so that it is imported anew once it is mended
        raise
    found = getattr(module, NAME, None)
    if found is None:
        raise PackageRefused(f"{file.parent.name}/__init__.py does not say which class it is: `{NAME} = …`")
    return found


def _checked(found: object) -> type[Application]:
    if not (isinstance(found, type) and issubclass(found, Application)):
        raise PackageRefused(f"{found!r} is no class that is made from Application"[:200])
    if not isinstance(getattr(found, "manifest", None), Manifest):
        raise PackageRefused(f"{found.__name__} has no manifest")
    faults = faults_of(found.manifest)
    if faults:
        raise PackageRefused(f"{found.__name__}'s manifest: {'; '.join(faults)}"[:300])
    if HOME not in found._views or found.home is Application.home:
        raise PackageRefused(f"{found.__name__} has no first screen: a method `{HOME}`, marked @screen")
    return found


def _told(error: BaseException) -> str:
    """Say what was raised and where, in a line."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        place = f" ({file.parent.name}/{file.name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({Path(error.filename).parent.name}/{Path(error.filename).name}, line {error.lineno})"
    return f"{type(error).__name__}: {error}"[:300] + place
