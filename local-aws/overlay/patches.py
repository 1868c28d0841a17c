"""How a part of ministack is replaced: by name, and only while it is the code that the replacement was written for."""

import hashlib
import importlib
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from types import FunctionType
from typing import Any

ABSENT = "absent"
"""The fingerprint of an entry that ministack does not have and a patch adds."""


@dataclass(frozen=True)
class Patch:
    """One replaced symbol.

    ``target`` is ``module:name`` or ``module:name[key]`` for an entry of a table. ``fingerprint`` is that of the original (see
    :func:`fingerprint`); ``replace`` gets the original (``None`` when absent) and gives what takes its place.
    """

    target: str
    fingerprint: str
    replace: Callable[[Any], Any]


def fingerprint(value: Any) -> str:
    """Twelve hexadecimal digits that change with the source of a function, or of the functions in a table's entry, or with a value."""
    return hashlib.sha256(_text(value).encode()).hexdigest()[:12]


def misfits(patches: Iterable[Patch]) -> list[str]:
    """Name every patch whose original is no longer what it was written for: the self-test. Empty when all fit."""
    return [problem for patch in patches if (problem := _misfit(patch))]


def apply(patches: Iterable[Patch]) -> None:
    """Put the patches in place, wherever ministack has bound the originals."""
    for patch in patches:
        module_name, name, key = _parse(patch.target)
        module = importlib.import_module(module_name)
        original = getattr(module, name)
        if key:
            original[key] = patch.replace(original.get(key))
        else:
            replacement = patch.replace(original)
            for holder in [m for n, m in sys.modules.items() if n.startswith("ministack.")]:
                if getattr(holder, name, None) is original:
                    setattr(holder, name, replacement)


def _misfit(patch: Patch) -> str | None:
    module_name, name, key = _parse(patch.target)
    try:
        value = getattr(importlib.import_module(module_name), name)
    except (ImportError, AttributeError):
        return _problem(patch, "is gone")
    try:
        found = ABSENT if key and key not in value else fingerprint(value[key] if key else value)
    except OSError:
        return _problem(patch, "has no source that can be read")
    return None if found == patch.fingerprint else _problem(patch, f"has fingerprint {found}")


def _problem(patch: Patch, found: str) -> str:
    return (
        f"DW6102 The patch of {patch.target} no longer fits: it was written for fingerprint {patch.fingerprint}, the original in ministack "
        f"{version('ministack')} {found}. Install the versions of requirements.lock, or adapt the patch and its fingerprint."
    )


def _parse(target: str) -> tuple[str, str, str]:
    module, _, rest = target.partition(":")
    name, _, key = rest.partition("[")
    return module, name, key.rstrip("]")


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_text(value[key])}" for key in sorted(value))
    return inspect.getsource(value) if isinstance(value, FunctionType) else repr(value)
