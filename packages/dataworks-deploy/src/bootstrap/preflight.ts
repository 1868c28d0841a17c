import { EXPECTED_KEY, isFit } from './lock-table';
import type { Account } from '../aws/account';
import type { BucketHolder } from '../aws/s3';
import { callerIn, type Caller } from '../aws/sts';
import type { Target } from '../config/target';
import { Fault, type FaultDetails } from '../fault';
import { FAULTS, type FaultKind } from '../faults';
import type { Parameter, Template } from '../template/template';

/** Enabled in every account of the commercial partition. */
const ALWAYS_ENABLED = 'us-east-1';

/** Whose credentials these are. Throws DW2104 to DW2108 when they are not the environment's. */
export async function callerFor({ environment }: Target): Promise<Caller> {
  const caller = await callerOfEnabledRegion(environment.region);
  if (caller.account === environment.account) return caller;
  throw new Fault(FAULTS.wrongAccount, {
    received: `account ${caller.account} (${caller.arn})`,
    allowed: `account ${environment.account}, of environment ${environment.name}`,
  });
}

/** A region that is not enabled knows no credentials; another region tells whether the credentials are to blame. */
async function callerOfEnabledRegion(region: string): Promise<Caller> {
  try {
    return await callerIn(region);
  } catch (error) {
    if (!(error instanceof Fault && error.code === FAULTS.credentialsRejected.code) || region === ALWAYS_ENABLED) throw error;
    const { account } = await callerIn(ALWAYS_ENABLED).catch(() => {
      throw error;
    });
    throw new Fault(FAULTS.regionNotEnabled, { received: `${region} in account ${account}` });
  }
}

/** Refuse an environment to which nobody could deploy. Throws DW2127. */
export function refuseNobody({ configuration: { circleci }, environment: { name, administrators } }: Target): void {
  if (circleci || administrators.length > 0) return;
  throw new Fault(FAULTS.nobodyDeploys, { received: `${name} without administrators, and no circleci` });
}

/** A bucket that the stacks need, and what helps when its name is taken. */
export interface NeededBucket {
  readonly name: string;
  /** Key of dataworks.json that gives it another name. */
  readonly renamedBy: 'stateNameSuffix' | 'qualifier';
}

/** Why a bucket cannot be used; undefined when it can. */
export function bucketFault({ name, renamedBy }: NeededBucket, holder: BucketHolder): Fault | undefined {
  const faults: Readonly<Record<BucketHolder, [FaultKind, FaultDetails] | undefined>> = {
    nobody: undefined,
    us: undefined,
    'us, elsewhere': [FAULTS.bucketElsewhere, { received: name }],
    denied: [FAULTS.missingPermission, { received: `s3:ListBucket on arn:aws:s3:::${name}` }],
    'a stranger': [FAULTS.bucketTaken, { received: name, fix: FAULTS.bucketTaken.fix.replace('stateNameSuffix', renamedBy) }],
  };
  const found = faults[holder];
  return found && new Fault(...found);
}

/** Refuse what stands in the way under our names and is not ours. Throws DW2109, DW2112, DW2113 or DW2114. */
export async function refuseForeign({ names }: Target, { buckets, tables }: Account): Promise<void> {
  const needed: NeededBucket[] = [
    { name: names.stateBucket, renamedBy: 'stateNameSuffix' },
    { name: names.cdkStagingBucket, renamedBy: 'qualifier' },
  ];
  for (const bucket of needed) {
    const fault = bucketFault(bucket, await buckets.holderOf(bucket.name));
    if (fault) throw fault;
  }
  const table = await tables.find(names.stateTable);
  if (table && !isFit(table)) {
    throw new Fault(FAULTS.tableUnfit, { received: `${names.stateTable} with the key ${table.key.join(', ')}`, allowed: EXPECTED_KEY });
  }
}

/** What the account has in the place of our CDK bootstrap. */
export interface ToolkitSituation {
  /** Template of the deployed stack of that name; undefined when there is none. */
  readonly deployed?: Template;
  /** Value of the parameter with the version of the bootstrap. */
  readonly version?: string;
  /** Stack that the parameter belongs to. */
  readonly owner?: string;
}

/** The parameter by which `cdk bootstrap` knows a bootstrap that is not its own, and refuses to replace it. So do we. */
export function variantOf(template: Template): string | undefined {
  const parameters: Readonly<Record<string, Parameter | undefined>> = template.Parameters ?? {};
  return parameters.BootstrapVariant?.Default;
}

/** Why the CDK bootstrap of the account is not ours; undefined when it is, or when there is none. */
export function toolkitFault({ deployed, version, owner }: ToolkitSituation, ours: Template, stackName: string): Fault | undefined {
  if (deployed) {
    if (variantOf(deployed) === variantOf(ours)) return undefined;
    return new Fault(FAULTS.foreignToolkit, { received: `${stackName}, variant ${JSON.stringify(variantOf(deployed) ?? 'unknown')}` });
  }
  if (version === undefined) return undefined;
  return new Fault(FAULTS.foreignToolkit, {
    received: `bootstrap version ${version}, of ${owner === undefined ? 'a stack that could not be found' : `stack ${owner}`}`,
  });
}
