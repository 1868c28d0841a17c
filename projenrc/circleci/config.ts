/**
 * `.circleci/config.yml` as data, in CircleCI's own words, as far as the pipeline uses them. The
 * types say what may be written; what they cannot say is in `check.ts`.
 *
 * @see https://circleci.com/docs/reference/configuration-reference/
 */
export interface Config {
  readonly version: 2.1;
  readonly orbs?: Readonly<Record<string, string>>;
  readonly commands?: Readonly<Record<string, Command>>;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly workflows: Readonly<Record<string, Workflow>>;
}

/** A built-in step or a command by its name, or one of them with its arguments. */
export type Step = string | Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly default?: string | number | boolean;
}

export interface Command {
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly steps: readonly Step[];
}

export interface Job extends Command {
  readonly docker: ReadonlyArray<{ readonly image: string }>;
  readonly resource_class: string;
  readonly shell: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Workflow {
  readonly max_auto_reruns?: number;
  readonly jobs: ReadonlyArray<Readonly<Record<string, WorkflowJob>>>;
}

/** A job by its name, which must succeed, or with the status that it must have instead. */
export type Requirement = string | Readonly<Record<string, string | readonly string[]>>;

export interface FilterRule {
  readonly only?: string | readonly string[];
  readonly ignore?: string | readonly string[];
}

export interface WorkflowJob {
  readonly name?: string;
  readonly type?: string;
  readonly requires?: readonly Requirement[];
  readonly filters?: { readonly branches?: FilterRule; readonly tags?: FilterRule };
  readonly context?: string | readonly string[];
  readonly 'serial-group'?: string;
  /** Arguments for the job's parameters. */
  readonly [argument: string]: unknown;
}
