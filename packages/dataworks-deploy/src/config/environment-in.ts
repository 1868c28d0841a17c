import type { Configuration, Environment } from './configuration';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

/** An environment by its name. Throws DW2101 for one that there is not. */
export function environmentIn({ environments }: Configuration, name: string, file: string): Environment {
  const environment = environments.find((one) => one.name === name);
  if (environment) return environment;
  const known = environments.map((one) => one.name).join(', ');
  throw new Fault(FAULTS.unknownEnvironment, { received: JSON.stringify(name), allowed: `${known} (of ${file})` });
}
