"""Puts a seeded defect into the reference of a process that has loaded it, before it is used there.

The modules that are edited, and all that import them directly or through others, are forgotten and
run anew when they are next imported: the edited ones from their new text, the others from the code
they were loaded from. Everything else, such as statements that are compiled already, stays. A
module that was overlooked would still be the faithful one, so the defect would not show and its
challenge would fail. That running something anew does not by itself catch anything is tried with
the whole reference.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from gxproof.defects import Defect, DefectError, edited_texts

REFERENCE = "reference_impl"
# Whose modules may hold something of the reference: its own, and those of the roof that host it.
_HOLDERS = (REFERENCE, "gxproof")


@dataclass(frozen=True)
class _Module:
    """A module as it was loaded: where it is from, its code, and what it imports."""

    path: Path
    code: CodeType
    imports: frozenset[str]
    is_package: bool


class Loaded:
    """The modules of the reference that this process has loaded, and those that import them."""

    def __init__(self) -> None:
        known = {name: _read(name, module) for name, module in _holders()}
        own = {name for name in known if _is_of(name, REFERENCE)}
        self._modules = {name: known[name] for name in _with_dependents(own, known)}
        self._own = own

    def implant(self, defect: Defect | None) -> None:
        """Let this process have the defect from now on; None: load everything anew, unchanged.

        Nothing of the reference may be in use here. Raises: DefectError where it does not fit.
        """
        texts = edited_texts(defect) if defect else {}
        edited = {_module_name(file): text for file, text in texts.items()}
        unknown = edited.keys() - self._own
        if unknown:
            raise DefectError(f"nothing loads {', '.join(sorted(unknown))}")
        anew = _with_dependents(edited.keys() or self._own, self._modules)
        codes = {name: self._modules[name].code for name in anew}
        for name, text in edited.items():
            codes[name] = compile(text, str(self._modules[name].path), "exec", dont_inherit=True)
        for name in anew:
            _forget(name)
        sys.meta_path.insert(0, _Anew({n: (self._modules[n], codes[n]) for n in anew}))


class _Anew(MetaPathFinder):
    """Finds the modules that are to run anew, with the code they are to run."""

    def __init__(self, modules: Mapping[str, tuple[_Module, CodeType]]) -> None:
        self._modules = modules

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module, where it is one of those."""
        if fullname not in self._modules:
            return None
        module, code = self._modules[fullname]
        return importlib.util.spec_from_file_location(
            fullname, module.path, loader=_Running(code),
            submodule_search_locations=[str(module.path.parent)] if module.is_package else None,
        )


class _Running(Loader):
    """Loads a module by running code that is there already."""

    def __init__(self, code: CodeType) -> None:
        self._code = code

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        exec(self._code, vars(module))  # noqa: S102


def _holders() -> Iterator[tuple[str, ModuleType]]:
    for name, module in sorted(sys.modules.items()):
        if any(_is_of(name, package) for package in _HOLDERS):
            yield name, module


def _is_of(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _read(name: str, module: ModuleType) -> _Module:
    if module.__file__ is None:
        raise DefectError(f"{name} has no source")
    path = Path(module.__file__)
    text = path.read_text(encoding="utf-8")
    return _Module(
        path, _code(name, module, text), frozenset(_imports(ast.parse(text))),
        hasattr(module, "__path__"),
    )


def _code(name: str, module: ModuleType, text: str) -> CodeType:
    """The code of a module, from where its import kept it compiled, if it did."""
    loader = module.__spec__.loader if module.__spec__ else None
    kept = loader.get_code(name) if isinstance(loader, SourceFileLoader) else None
    return kept or compile(text, str(module.__file__), "exec", dont_inherit=True)


def _imports(tree: ast.Module) -> Iterator[str]:
    """The names of what a module imports, at its head or later; it may import a name or a module.

    An import is a statement, so what is within expressions is not looked through.
    """
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, part, ())


def _with_dependents(names: Iterable[str], modules: Mapping[str, _Module]) -> set[str]:
    """The modules with those names, and all that import one of them, directly or through others."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        found |= waiting
        waiting = {
            name for name, module in modules.items() if module.imports & waiting
        } - found
    return found


def _forget(name: str) -> None:
    """Let the next import of a module run it anew, by whatever name it is asked for."""
    sys.modules.pop(name, None)
    package, _, own = name.rpartition(".")
    if package in sys.modules:
        vars(sys.modules[package]).pop(own, None)


def _module_name(file: str) -> str:
    """The module that a file of the reference holds."""
    parts = (REFERENCE, *Path(file).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
