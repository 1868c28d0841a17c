/** Where a stack is deployed. */
export interface Place {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** Regions outside the commercial partition, by how they begin. */
const PARTITIONS: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'eu-isoe-': 'aws-iso-e',
  'us-isof-': 'aws-iso-f',
  'eusc-': 'aws-eusc',
};

/** End of the names of a partition's endpoints; of the others `amazonaws.com`. */
const URL_SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/** What CloudFormation calls `AWS::URLSuffix`. */
export function urlSuffixOf(region: string): string {
  return URL_SUFFIXES[partitionOf(region)] ?? 'amazonaws.com';
}

export function partitionOf(region: string): string {
  return Object.entries(PARTITIONS).find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}

/** Put the place in for what an assembly leaves open. */
export function fillIn(text: string, { account, region }: Place): string {
  return text
    .replaceAll('${AWS::Partition}', partitionOf(region))
    .replaceAll('${AWS::AccountId}', account)
    .replaceAll('${AWS::Region}', region);
}
