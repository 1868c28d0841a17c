"""Start the embedded local AWS; this file alone must parse on every Python, to refuse an old one by name."""

import sys

if sys.version_info < (3, 10):
    sys.exit(
        "DW6101 Python %d.%d is too old for the embedded local AWS: it needs Python 3.10 or later. Install one and put it first on PATH."
        % sys.version_info[:2]
    )

from overlay.server import main

sys.exit(main())
