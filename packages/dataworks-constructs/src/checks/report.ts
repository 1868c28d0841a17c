import { Validations, type PolicyValidationPluginReport, type PolicyViolation } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Case } from './case';
import type { Check } from './check';
import { entries } from './json';

/** The name of the checks in the validation report; also the prefix of acknowledgements that CDK suggests. */
export const PLUGIN_NAME = 'DataWorksChecks';

/** A check that failed. */
export interface Finding {
  readonly check: Check;
  readonly subject: Case;
  /** What was found. */
  readonly fault: string;
}

/** What CDK's validation report says of the findings. One that is acknowledged stands there with its reason, and fails nothing. */
export function reportOf(findings: readonly Finding[]): PolicyValidationPluginReport {
  const judged = findings.map((finding) => ({ finding, acknowledgement: acknowledgementOf(finding) }));
  return {
    success: judged.every(({ acknowledgement }) => acknowledgement !== undefined),
    violations: judged.map(({ finding, acknowledgement }) =>
      acknowledgement ? acknowledgedViolation(finding, acknowledgement) : violation(finding),
    ),
  };
}

function violation(finding: Finding): PolicyViolation {
  const { check } = finding;
  return {
    ...resourceOf(finding),
    ruleName: check.id,
    fix: `${check.fix}.\nOr say why not: Validations.of(construct).acknowledge({ id: '${check.id}', reason: '…' }).`,
    // Not `error`: those CDK lets an acknowledgement of one construct suppress for the whole app (until 2.273).
    severity: 'fatal',
  };
}

/** CDK moves it to the acknowledged ones, by the id under which it recorded the acknowledgement. */
function acknowledgedViolation(finding: Finding, { id, reason }: Acknowledgement): PolicyViolation {
  const resource = resourceOf(finding);
  // CDK's own `reason` is that of the last acknowledgement of the id in the app (until 2.273).
  return { ...resource, ruleName: id, severity: 'info', ruleMetadata: { ...resource.ruleMetadata, acknowledged: reason } };
}

function resourceOf({ check, subject, fault }: Finding) {
  const { nist80053r5, pciDss4, hipaa, cis5 } = check.controls;
  const references = { 'NIST 800-53 r5': nist80053r5, 'PCI DSS v4.0.1': pciDss4, HIPAA: hipaa, 'CIS AWS Foundations v5.0.0': cis5 };
  return {
    description: `${check.rule} Found: ${fault}. ${check.consequence}`,
    ruleMetadata: Object.fromEntries(
      Object.entries(references)
        .filter(([, ids]) => ids.length > 0)
        .map(([framework, ids]) => [framework, ids.join(', ')]),
    ),
    violatingResources: [
      {
        constructPath: subject.resource.node.path,
        resourceLogicalId: subject.logicalId,
        templatePath: subject.template.path,
        locations: [],
      },
    ],
  };
}

interface Acknowledgement {
  /** As CDK recorded it. */
  readonly id: string;
  readonly reason: string;
}

/** By the resource itself or a construct round it, and by the bare id or with the name of the plugin before it. */
function acknowledgementOf({ check, subject }: Finding): Acknowledgement | undefined {
  for (let scope: IConstruct | undefined = subject.resource; scope; scope = scope.node.scope) {
    for (const { type, data } of scope.node.metadata) {
      if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
      const [id, reason] =
        entries(data).find(([recorded]) => /^(Annotation|DataWorksChecks)::(.*)$/i.exec(recorded)?.[2] === check.id) ?? [];
      if (id !== undefined) return { id, reason: String(reason) };
    }
  }
  return undefined;
}
