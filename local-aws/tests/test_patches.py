"""A patch that no longer fits stops the server and is named, and so is a Python that is too old."""

import ast
import subprocess
import sys

import pytest

from overlay.patches import ABSENT, Patch, apply, fingerprint, misfits
from overlay.server import PATCHES
from tests.emulator import ROOT

THIS = "tests.test_patches"
TABLE: dict[str, object] = {"present": ("a", "b")}


def original() -> str:
    return "original"


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_every_patch_fits_the_locked_ministack() -> None:
    assert misfits(PATCHES) == []


def test_the_fingerprint_changes_with_the_source() -> None:
    def other() -> str:
        return "changed"

    assert fingerprint(original) == fingerprint(original)
    assert fingerprint(original) != fingerprint(other)
    assert fingerprint({"create": original}) != fingerprint({"create": other})
    assert fingerprint(("a", "b")) != fingerprint(("a", "c"))


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (f"{THIS}:original", "has fingerprint"),
        (f"{THIS}:vanished", "is gone"),
        ("tests.vanished:original", "is gone"),
        (f"{THIS}:TABLE[present]", "has fingerprint"),
    ],
)
def test_a_patch_that_no_longer_fits_is_named(target: str, found: str) -> None:
    problems = misfits([Patch(target, "0123456789ab", lambda value: value), Patch(f"{THIS}:TABLE[new]", ABSENT, lambda _: 1)])
    assert len(problems) == 1
    assert f"DW6102 The patch of {target} no longer fits" in problems[0]
    assert found in problems[0]


def test_an_entry_that_a_patch_adds_must_still_be_absent() -> None:
    assert "TABLE[present]" in misfits([Patch(f"{THIS}:TABLE[present]", ABSENT, lambda _: 1)])[0]


def test_applying_gives_the_original_to_the_replacement() -> None:
    table = Patch(f"{THIS}:TABLE[added]", ABSENT, lambda value: (value, "added"))
    apply([table])
    assert TABLE.pop("added") == (None, "added")


def test_the_server_refuses_to_start_and_names_the_patch_that_does_not_fit() -> None:
    result = run(
        "import sys, ministack.services.s3 as s3\ns3._dispatch = lambda *arguments: None\nfrom overlay.server import main\nsys.exit(main())"
    )
    assert result.returncode == 1
    problems = [line for line in result.stderr.splitlines() if line.startswith("DW")]
    assert len(problems) == 1
    assert problems[0].startswith("DW6102 The patch of ministack.services.s3:_dispatch no longer fits")


def test_an_old_python_is_refused_in_one_sentence() -> None:
    result = run("import runpy, sys\nsys.version_info = (3, 9, 1)\nrunpy.run_module('overlay', run_name='__main__')")
    assert result.returncode == 1
    assert result.stderr.strip().startswith("DW6101 Python 3.9 is too old for the embedded local AWS: it needs Python 3.10 or later.")
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_the_refusal(name: str) -> None:
    ast.parse((ROOT / "overlay" / name).read_text(), feature_version=(3, 4))
