import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly suggestedFix?: string;
  readonly ruleMetadata?: Record<string, string>;
  readonly violatingConstructs: ReadonlyArray<{ readonly constructPath: string; readonly cloudFormationResource?: { logicalId: string } }>;
}

interface PluginReport {
  readonly pluginName: string;
  readonly metadata?: { readonly error?: string };
  readonly violations: readonly Violation[];
  readonly suppressedViolations?: readonly Violation[];
}

/** What a synthesis says. */
export interface Validated {
  /** Of the exception; undefined: it succeeded. */
  readonly error?: string;
  /** `<id> at <construct path>`, once each. */
  readonly findings: readonly string[];
  readonly violations: readonly Violation[];
  readonly acknowledged: readonly Violation[];
}

/** Synthesise an app, and read CDK's validation report as a user finds it. */
export function synthesised(app: App): Validated {
  let error: string | undefined;
  try {
    app.synth();
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  const file = join(app.outdir, 'validation-report.json');
  const { pluginReports = [] } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pluginReports?: PluginReport[] }) : {};
  const violations = pluginReports.flatMap((report) => report.violations);
  return {
    error,
    violations,
    findings: findingsOf(violations),
    acknowledged: pluginReports.flatMap((report) => report.suppressedViolations ?? []),
  };
}

export function findingsOf(violations: readonly Violation[]): string[] {
  const findings = violations.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${ruleName.replace(/^\w+::/, '')} at ${constructPath}`),
  );
  return [...new Set(findings)].sort();
}
