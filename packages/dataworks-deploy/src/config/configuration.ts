/** dataworks.json after checking, with every default filled in. */
export interface Configuration {
  readonly project: { readonly name: string; readonly owner: string; readonly tags: Readonly<Record<string, string>> };
  readonly stateKey: string;
  readonly stateName: string;
  readonly stateNameSuffix?: string;
  readonly qualifier: string;
  readonly repository?: string;
  readonly slackChannel: string;
  readonly circleci?: { readonly organizationId: string; readonly projectId: string };
  /** In the order of promotion. */
  readonly environments: readonly Environment[];
}

export interface Environment {
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly production: boolean;
  /** The environment that must have applied the same commit first. */
  readonly after?: string;
  /** How many different people must approve a plan. */
  readonly approvals: number;
  /** Age at which a plan is too old to be applied, like `8h`. */
  readonly planMaxAge: string;
  readonly removalPolicy: 'retain' | 'destroy';
  /** ARNs of roles of the account that may take the deployer's role; `*` only in what follows the last `/`. */
  readonly administrators: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Changes to zones of the lake, by zone id. */
  readonly zones: Readonly<Record<string, ZoneChanges>>;
}

export interface ZoneChanges {
  readonly versioned?: boolean;
  readonly noncurrentDays?: number;
  readonly retentionDays?: number;
  readonly transitions?: ReadonlyArray<{ readonly storageClass: string; readonly afterDays: number }>;
  readonly events?: boolean;
  readonly classification?: 'internal' | 'confidential' | 'restricted';
}
