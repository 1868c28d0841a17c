/** What a plan says: `plan.json` of a bundle. Everything in it is decided by its inputs: no time, no path of a machine. */
export interface Plan {
  readonly formatVersion: typeof FORMAT_VERSION;
  /** Root of the hash tree over every file of the bundle, 64 hexadecimal digits: `digest.ts`. */
  readonly digest: string;
  readonly environment: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Git commit of the working tree, 40 or 64 hexadecimal digits. */
  readonly commit: string;
  /** Whether the working tree differs from its commit. */
  readonly dirty: boolean;
  /** Set when the assembly was given, and not synthesised from the working tree: that it is of the commit, only whoever planned says. */
  readonly assemblyGiven?: true;
  /** Versions of what made the plan, by name. */
  readonly tools: Readonly<Record<string, string>>;
  /** The deployment record that was current; undefined before the first apply. */
  readonly state?: PlannedState;
  /** Set when the plan brings back what was applied before. */
  readonly rollback?: Rollback;
  /**
   * Stacks of that record that are no longer in the application, `<region>/<name>`, sorted: no apply deletes them. Undefined when there are
   * none, and in a rollback, which has its own.
   */
  readonly remaining?: readonly string[];
  /** In an order in which they can be deployed: each after those that it depends on. */
  readonly stacks: readonly PlannedStack[];
  /** What a reviewer reads first, gravest first. */
  readonly risks: readonly Risk[];
}

export const FORMAT_VERSION = 1;

export interface PlannedState {
  readonly serial: number;
  readonly lineage: string;
}

/** What a plan says that it brings back. An apply believes the history of the environment, not this. */
export interface Rollback {
  /** Of a record of the environment's history. */
  readonly serial: number;
  /** Of the plan that was applied then, 64 hexadecimal digits: this plan has its assembly. */
  readonly digest: string;
  /** Stacks of the current record that the assembly does not have, `<region>/<name>`, sorted: no apply deletes them. */
  readonly remaining: readonly string[];
}

export interface PlannedStack {
  readonly name: string;
  /** Of the cloud assembly. */
  readonly artifactId: string;
  readonly region: string;
  /** Artifact ids of stacks of this plan that are deployed before. */
  readonly dependsOn: readonly string[];
  readonly template: PlannedTemplate;
  /** Manifest of the stack's assets: path in the bundle. */
  readonly assetManifest?: string;
  /** What is there now; undefined for a stack that does not exist, or was never created completely. */
  readonly deployed?: DeployedState;
  /** Values that are given to the stack's parameters, by name. What is not here keeps its value, or has its default. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters whose value CloudFormation reads from the parameter store. */
  readonly ssmParameters: Readonly<Record<string, SsmParameter>>;
  /** Parameters that get another value, or may get one; sorted. One of which only the declaration changes is none. */
  readonly changedParameters: readonly string[];
  /** Of nested stacks whose templates have parameters, by nested stack. */
  readonly nestedParameters: readonly NestedParameters[];
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** What CloudFormation has to be allowed, sorted: `CAPABILITY_AUTO_EXPAND`, `CAPABILITY_IAM`, `CAPABILITY_NAMED_IAM`. */
  readonly capabilities: readonly string[];
  /** Role that CloudFormation acts by. */
  readonly roleArn?: string;
  /** Role that makes and executes the change set. */
  readonly deployRoleArn?: string;
  /** Role that reads the stack. */
  readonly lookupRoleArn?: string;
  /** Sorted by id. */
  readonly assets: readonly PlannedAsset[];
  /** By nested stack, then by logical id. */
  readonly changes: readonly ResourceChange[];
  /** What else changes, such as `tags` and `outputs`; sorted. */
  readonly otherChanges: readonly OtherChange[];
  /** Why CloudFormation can make no change set of this stack before another one of this plan is deployed. */
  readonly waits: readonly Wait[];
}

export interface PlannedTemplate {
  /** Path in the bundle, with `/`. */
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Where it is published, `s3://bucket/key`; undefined when the assembly names no place. */
  readonly url?: string;
}

export interface DeployedState {
  readonly stackId: string;
  readonly status: string;
  /** When the stack was last updated, or created: ISO 8601. */
  readonly lastUpdated: string;
  /** SHA-256 of the template as `GetTemplate` gives it (stage Original), hexadecimal. */
  readonly templateHash: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** Role that CloudFormation acts by when the plan gives it none; undefined for whoever calls. */
  readonly roleArn?: string;
}

export interface SsmParameter {
  /** Name in the parameter store. */
  readonly name: string;
  /** What the deployed stack has of it; undefined for a new parameter. */
  readonly was?: string;
  /**
   * What it has; of one that another stack of the plan makes or changes first, what it will have then. Undefined when it does not exist
   * yet, or when only that deployment tells.
   */
  readonly value?: string;
}

/** Parameters of one nested stack. */
export interface NestedParameters {
  /** Logical ids of the nested stacks that lead to it, outermost first. */
  readonly nested: readonly string[];
  /** Values by name, as far as the templates around it tell; none of NoEcho parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters whose value CloudFormation reads from the parameter store. */
  readonly ssmParameters: Readonly<Record<string, SsmParameter>>;
  /** Those that get another value, or may get one; sorted. */
  readonly changedParameters: readonly string[];
}

export interface PlannedAsset {
  /** Key in the asset manifest. */
  readonly id: string;
  /** `template`: of this stack or of a nested one. */
  readonly type: 'template' | 'file' | 'zip' | 'image';
  /** Path in the bundle: a file, or for `zip` and `image` a folder. */
  readonly path: string;
  /** SHA-256 of the content: of a file its bytes; of a folder the root of a hash tree like that of the bundle. Hexadecimal. */
  readonly hash: string;
  readonly destinations: readonly AssetDestination[];
}

export interface AssetDestination {
  readonly region?: string;
  /** `s3://bucket/key`, or `repository:tag`. */
  readonly location: string;
  /** Role that publishes it. */
  readonly roleArn?: string;
}

export type Action = 'add' | 'modify' | 'remove';
export type Replacement = 'never' | 'conditional' | 'always';

export interface ResourceChange {
  /** Logical ids of the nested stacks that lead to it, outermost first; empty in the stack itself. */
  readonly nested: readonly string[];
  readonly logicalId: string;
  readonly type: string;
  /** Path of the construct, when the template tells it. */
  readonly construct?: string;
  readonly action: Action;
  readonly replacement: Replacement;
  /** Whether what is there is deleted: by a removal or a replacement, unless its policy retains it. */
  readonly deletes: boolean;
  /**
   * Paths in the resource, as CloudFormation writes them: `/Properties/Tags/0/Value`, `/DeletionPolicy`; whatever is below a path may
   * change too. Sorted. Of an addition and a removal there are none.
   */
  readonly properties: readonly string[];
  /**
   * What is in the templates at these paths; of an addition and a removal, at each property and attribute. Sorted by path. Undefined in a
   * plan of an earlier version.
   */
  readonly values?: readonly PropertyValue[];
  /** Whether it holds data that nothing else brings back. */
  readonly stateful: boolean;
  /**
   * Set where nothing of it changes unless something that it reads is replaced, which may be: what that is, by logical ids with `/` after those
   * of nested stacks; sorted. Such a change is no risk of its own.
   */
  readonly follows?: readonly string[];
  /** Why it may allow more than before; undefined when it does not, as far as that is known. */
  readonly broadening?: string;
  /** By which of its properties it deletes data that it kept; undefined when it does not, as far as that is known. */
  readonly expiry?: string;
  /** Which protection of data it loses; undefined when it loses none that is known. */
  readonly weakening?: string;
}

/**
 * A text stands for itself, anything else is JSON; what CloudFormation finds out stands in `${}`, as in `Fn::Sub`: `${Other.Arn}`. Both are
 * the same where what they refer to has, or may have, another value.
 */
export interface PropertyValue {
  readonly path: string;
  /** In the deployed template; missing where there is none. */
  readonly from?: string;
  /** In the planned template; missing where there is none. */
  readonly to?: string;
}

/** Changes of the stack itself. With `tags`, CloudFormation changes the tags of every resource; these are no `ResourceChange`. */
export interface OtherChange {
  readonly what:
    | 'conditions'
    | 'description'
    | 'mappings'
    | 'metadata'
    | 'outputs'
    | 'parameters'
    | 'role'
    | 'rules'
    | 'tags'
    | 'terminationProtection'
    | 'transform';
  /** Names of what changes, sorted; none where the whole changes. */
  readonly names: readonly string[];
}

export interface Wait {
  /** An SSM parameter or an export, or an output that is read by `Fn::GetStackOutput`. */
  readonly kind: 'parameter' | 'export' | 'output';
  readonly name: string;
  /** Artifact id of the stack that makes it. */
  readonly madeBy: string;
}

/**
 * - `statefulLoss`: data is deleted, with what holds it or by an expiry
 * - `statefulReplacement`: what holds data is, or may be, replaced by an empty one
 * - `broadening`: somebody may be allowed more than before, CloudFormation among them
 * - `protectionOff`: the stack, or what holds data, loses a protection: against deletion, by backups, versions, encryption or logs
 * - `publishing`: an asset is written to a place, or by a role, that the bootstrap of the CDK did not make for that
 * - `unforeseeable`: a transform of CloudFormation, or a template from elsewhere, decides what changes
 */
export type RiskKind = 'statefulLoss' | 'statefulReplacement' | 'broadening' | 'protectionOff' | 'publishing' | 'unforeseeable';

export interface Risk {
  readonly kind: RiskKind;
  /** Artifact id of the stack. */
  readonly stack: string;
  readonly nested: readonly string[];
  /** Undefined when the stack itself is at risk. */
  readonly logicalId?: string;
  /** A sentence without its full stop. */
  readonly reason: string;
}
