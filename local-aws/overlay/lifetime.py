"""How the server ends, as agreed with the launcher (``local-aws/cli``), which sets both variables when it starts one.

- ``DATAWORKS_TIED=1``: the server stops, its state written, when its stdin closes. The other end is held by the process that it was started
  for: the operating system closes it, however that process ends.
- ``DATAWORKS_UNSAVED``: a file that stands while the server holds what its state on disk lacks; a clean stop removes it.
"""

import os
import signal
import sys
import threading
from pathlib import Path


def follow_caller() -> None:
    """End with the process that holds the other end of stdin, when asked to."""
    if os.environ.get("DATAWORKS_TIED") == "1":
        threading.Thread(target=_stop_at_end_of_input, daemon=True).start()


def state_is_saved() -> None:
    """Tell the next start that nothing was lost."""
    if unsaved := os.environ.get("DATAWORKS_UNSAVED"):
        Path(unsaved).unlink(missing_ok=True)


def _stop_at_end_of_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
