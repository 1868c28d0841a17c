import { App, Stack, Validations } from 'aws-cdk-lib/core';
import { table } from './markdown';
import { DataLakeZones, HardenedBucket } from '../../../packages/dataworks-constructs/src';

/** The findings that a lake of thirteen zones acknowledges, read from the lake itself. */
export function acknowledgementTable(): string {
  const lake = new DataLakeZones(new Stack(new App(), 'Stack'), 'Lake', { project: 'sales', environment: 'dev', owner: 'sales-data' });
  const buckets = lake.node.children.filter((child) => child instanceof HardenedBucket).map(({ node }) => node.id);
  return table(
    ['rule', 'on', 'because'],
    [...acknowledged(lake)].map(([finding, where]) => {
      const [rule, reason] = JSON.parse(finding) as [string, string];
      const everywhere = buckets.every((bucket) => where.includes(bucket));
      return [`\`${rule}\``, everywhere ? 'every bucket' : where.map((name) => `\`${name}\``).join(', '), reason];
    }),
  );
}

/** Rule and reason, and the parts of the lake on which they stand. */
function acknowledged(lake: DataLakeZones): Map<string, string[]> {
  const findings = new Map<string, string[]>();
  for (const part of lake.node.children) {
    const metadata = part.node.findAll().flatMap(({ node }) => node.metadata);
    for (const { type, data } of metadata) {
      if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
      for (const [rule, reason] of Object.entries(data as Record<string, string>)) {
        const finding = JSON.stringify([bare(rule), reason]);
        findings.set(finding, [...(findings.get(finding) ?? []), part.node.id]);
      }
    }
  }
  return findings;
}

/** CDK keeps a bare id as that of an annotation. */
const bare = (rule: string): string => rule.replace(/^Annotation::/, '');
