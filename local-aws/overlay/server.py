"""Check the patches, put them in place, serve."""

import sys

from overlay import (
    authorization,
    browsers,
    change_sets,
    cloudformation,
    conditions,
    drift,
    dynamodb,
    ecr,
    functions,
    iam,
    imports,
    kms,
    lifetime,
    ports,
    quotas,
    rollbacks,
    s3,
    sns,
    stored_parameters,
    template_urls,
    trust,
)
from overlay.nested import change_sets as nested_change_sets
from overlay.nested import deployment, hierarchy
from overlay.patches import Patch, apply, misfits

PATCHES: tuple[Patch, ...] = (
    *browsers.PATCHES,
    *quotas.PATCHES,
    *deployment.PATCHES,
    *authorization.PATCHES,
    *cloudformation.PATCHES,
    *change_sets.PATCHES,
    *conditions.PATCHES,
    *rollbacks.PATCHES,
    *drift.PATCHES,
    *stored_parameters.PATCHES,
    *nested_change_sets.PATCHES,
    *hierarchy.PATCHES,
    *template_urls.PATCHES,
    *s3.PATCHES,
    *kms.PATCHES,
    *trust.PATCHES,
    *iam.PATCHES,
    *dynamodb.PATCHES,
    *ecr.PATCHES,
    *functions.PATCHES,
    *sns.PATCHES,
    *imports.PATCHES,
    *ports.PATCHES,
)
"""Everything of ministack that is replaced, in the order in which it is put in place."""


def main() -> int:
    """Serve until SIGTERM; 1 when a patch does not fit the ministack that is installed."""
    lifetime.follow_caller()
    if problems := misfits(PATCHES):
        for problem in problems:
            print(problem, file=sys.stderr)  # noqa: T201 - the launcher shows this stream
        return 1
    apply(PATCHES)
    from ministack.app import main as serve  # noqa: PLC0415 - a name that is bound before the patches are applied is not theirs

    serve()
    lifetime.state_is_saved()
    return 0
