import { table } from './markdown';
import { CHECKS } from '../../../packages/dataworks-constructs/src/checks/rules';

/** Every built-in check: what must hold, why, and what to do. */
export function checkTable(): string {
  return table(
    ['check', 'of', 'what must hold', 'otherwise', 'fix'],
    CHECKS.map(({ id, type, rule, consequence, fix, nagRule }) => [
      `\`${id}\`${nagRule === undefined ? '' : ' (cdk-nag)'}`,
      type.split('::').slice(1).join(' '),
      rule,
      consequence,
      fix,
    ]),
  );
}

/** The controls of each check, by framework. */
export function controlTable(): string {
  return table(
    ['check', 'NIST 800-53 r5', 'PCI DSS', 'HIPAA', 'CIS'],
    CHECKS.map(({ id, controls: { nist80053r5, pciDss4, hipaa, cis5 } }) => [
      `\`${id}\``,
      ...[nist80053r5, pciDss4, hipaa, cis5].map((controls) => controls.join(', ') || '–'),
    ]),
  );
}
