"""Authorization mode: what ministack's evaluator lacks of the identities, the tokens and the condition keys that our policies judge by."""

from overlay.authorization import principals, request_keys, resources, stack_roles, web_identity

PATCHES = (*principals.PATCHES, *request_keys.PATCHES, *resources.PATCHES, *stack_roles.PATCHES, *web_identity.PATCHES)
