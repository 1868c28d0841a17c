import { Validations, type App, type CfnResource, type PolicyViolation } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';

/** The packs under which our constructs have no finding. */
export const PACKS = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks];

/** What the packs find in an app, and nobody has acknowledged. */
export function violationsIn(app: App): PolicyViolation[] {
  return PACKS.flatMap((Pack) => new Pack(app).validateScope(app).violations);
}

/** What they would find if nothing were acknowledged. */
export function allViolationsIn(app: App): PolicyViolation[] {
  jest.spyOn(NagPack.prototype as unknown as { isAcknowledged: () => boolean }, 'isAcknowledged').mockReturnValue(false);
  const violations = violationsIn(app);
  jest.restoreAllMocks();
  return violations;
}

/** What the constructs of an app acknowledge: the resource, the id, the reason. */
export function acknowledgedIn(app: App): Array<[CfnResource, string, string]> {
  return app.node.findAll().flatMap((node) =>
    node.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]): [CfnResource, string, string] => [node as CfnResource, id.replace('Annotation::', ''), reason]),
  );
}
