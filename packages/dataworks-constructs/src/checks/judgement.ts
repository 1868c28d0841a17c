import { Stack, type IPolicyValidationContext, type PolicyValidationPluginReport } from 'aws-cdk-lib/core';
import { Case, logicalIdOf } from './case';
import type { Check } from './check';
import { RenderedTemplates } from './rendered-templates';
import { reportOf, type Finding } from './report';
import { CHECKS } from './rules';
import type { Subject } from './subjects';

/** Run the checks over resources as they were rendered. */
export function judge(context: IPolicyValidationContext, subjects: readonly Subject[]): PolicyValidationPluginReport {
  const templates = new RenderedTemplates(context);
  return reportOf(subjects.flatMap((subject) => judgeOne(subject, templates)));
}

function judgeOne({ resource, intent }: Subject, templates: RenderedTemplates): Finding[] {
  const checks = checksOf(resource.cfnResourceType);
  if (checks.length === 0) return [];
  const template = templates.of(Stack.of(resource));
  const rendered = template?.resource(logicalIdOf(resource));
  if (!template || rendered?.Type !== resource.cfnResourceType) return [];

  const subject = new Case(resource, rendered, template, intent, templates);
  return checks.flatMap((check) => {
    const fault = check.fault(subject);
    return fault === undefined ? [] : [{ check, subject, fault }];
  });
}

const byType = new Map<string, readonly Check[]>();

function checksOf(type: string): readonly Check[] {
  const checks = byType.get(type) ?? CHECKS.filter((check) => check.type === type);
  byType.set(type, checks);
  return checks;
}
