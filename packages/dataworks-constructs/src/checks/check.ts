import type { Case } from './case';
import type { Controls } from './controls';

/** One thing that must hold for a rendered resource. Data, and a pure function over what was rendered. */
export interface Check {
  /** Stable: it stands in acknowledgements. */
  readonly id: string;
  /** CloudFormation type of the resources that it judges. */
  readonly type: string;
  /** What must hold, as a sentence. */
  readonly rule: string;
  /** What happens otherwise, as a sentence. */
  readonly consequence: string;
  /** What to do, without a full stop. */
  readonly fix: string;
  readonly controls: Controls;
  /** The rule of cdk-nag that it runs; undefined for a check of our own. */
  readonly nagRule?: string;
  /** Rules of cdk-nag that say the same with less precision: not said twice of one resource. */
  readonly covers?: readonly string[];
  /** What is wrong with the resource; undefined: nothing. */
  readonly fault: (resource: Case) => string | undefined;
}
