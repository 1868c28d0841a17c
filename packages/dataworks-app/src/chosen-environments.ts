import { ENVIRONMENT_CONTEXT, type Environment } from '@dataworks/deploy';

/** The context names an environment that dataworks.json does not have. */
export class UnknownEnvironmentError extends Error {
  public readonly name = 'UnknownEnvironmentError';
}

/** All environments, or the one that the context names: an assembly without any would look as if there were nothing to deploy. */
export function chosenEnvironments(environments: readonly Environment[], only: unknown): readonly Environment[] {
  if (only === undefined) return environments;
  const chosen = environments.filter(({ name }) => name === only);
  if (chosen.length > 0) return chosen;
  const names = environments.map(({ name }) => name).join(', ');
  throw new UnknownEnvironmentError(`Context ${ENVIRONMENT_CONTEXT}: there is no ${JSON.stringify(only)} in dataworks.json, but ${names}.`);
}
