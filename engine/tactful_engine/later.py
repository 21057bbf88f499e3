"""Modules that are imported once something of them is called, not before.

With Rasa come TensorFlow, the clients of every chat service and of every database: ten seconds of a processor and
300 MB for what an assistant of rules never calls. Here a name of such a module is a placeholder until it is called
or asked for something; then the module is imported as always and what is real answers.
"""

import importlib
import importlib.machinery
import importlib.util
import pkgutil
import sys
from types import ModuleType
from typing import Any, Iterable, Optional, Sequence, Set


class _Placeholder(type):
    """The type of placeholders. They are classes, so that they may stand in annotations and `except` clauses."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return real(cls)(*args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(real(cls), name)

    def __instancecheck__(cls, instance: Any) -> bool:
        # Nothing is an instance of what was never imported.
        return not _finder.defers(cls.__module__) and isinstance(instance, real(cls))


class Placeholder(Exception, metaclass=_Placeholder):
    """What all placeholders inherit from."""

    def __init_subclass__(cls) -> None:
        if cls.__mro__[1] is not Placeholder:
            named = cls.__mro__[1]
            raise ImportError(f"{cls.__name__} needs {named.__module__}.{named.__name__}, which is imported later.")


class _Module(ModuleType):
    """A module that is not imported yet. It passes for a package, so that modules in it are found, too."""

    __path__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Placeholder(name, (Placeholder,), {"__module__": self.__name__})


class _Finder:
    def __init__(self) -> None:
        self.modules: Set[str] = set()

    def defers(self, module: str) -> Optional[str]:
        """The deferred module that this one is, or is in."""
        return next((name for name in self.modules if module == name or module.startswith(f"{name}.")), None)

    def find_spec(
        self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if self.defers(name) else None  # type: ignore

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> _Module:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run."""


_finder = _Finder()


def later(modules: Iterable[str]) -> None:
    """Import these modules later, with all that is in them. Those that are here already stay as they are."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)  # type: ignore[arg-type]
    _finder.modules.update(name for name in modules if name not in sys.modules)


def real(placeholder: type) -> Any:
    """What a placeholder stands for; its module is imported now. Errors: `ImportError`, `AttributeError`."""
    module = placeholder.__module__
    if deferred := _finder.defers(module):
        _finder.modules.discard(deferred)
        for name in [name for name in sys.modules if name == deferred or name.startswith(f"{deferred}.")]:
            if isinstance(sys.modules[name], _Module):
                del sys.modules[name]
    return pkgutil.resolve_name(f"{module}.{placeholder.__name__}")


def without_its_start(package: str, instead: str) -> None:
    """Import a package's modules without running the package's own file; what is asked of it, `instead` answers."""
    parent, _, name = package.rpartition(".")
    spec = importlib.util.find_spec(package)  # runs the parent only
    if package in sys.modules or spec is None:
        return
    bare = _Bare(package)
    bare.__dict__.update(__spec__=spec, __path__=spec.submodule_search_locations, _instead=instead)
    sys.modules[package] = bare
    setattr(sys.modules[parent], name, bare)


class _Bare(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__dict__["_instead"]), name)
