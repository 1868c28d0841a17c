"""The embedded local AWS: ministack, pinned, and what it lacks for our stacks.

``python -m overlay`` (working directory ``local-aws``) patches ministack, checks that every patch fits, and serves in the foreground until
SIGTERM, at which the state is written; wait for the exit before touching the state's folder. Exit code 1 and one line per problem on stderr
when it cannot start.

The overlay itself reads:

- ``GATEWAY_PORT`` (default 4566): the port it is served on; its own calls go back to it.
- ``USE_SSL`` (``1``: those calls go by https) and ``MINISTACK_SSL_CERT`` (the certificate that they trust; needed with ``USE_SSL``).
- ``DATAWORKS_TIED`` and ``DATAWORKS_UNSAVED``: how the server ends, see :mod:`overlay.lifetime`.

Every other variable (``BIND_HOST``, ``PERSIST_STATE``, ``STATE_DIR``, ``S3_PERSIST``, ``S3_DATA_DIR``, ``AUTH``, ...) is ministack's own.
The 12-digit account id used as access key selects the account, also in authorization mode.
"""
