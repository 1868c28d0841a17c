"""One port and no other: several servers run side by side on one machine."""

from collections.abc import Callable

from overlay.patches import Patch


def _never(_original: Callable[[str, int], bool]) -> Callable[[str, int], bool]:
    """Say that port 443 is not free, which ministack would take as well when it serves by TLS."""
    return lambda _host, _port: False


PATCHES = (Patch("ministack.app:_port_is_bindable", "4b1175a254f2", _never),)
