import { APPLIES } from './apply';
import { HELP } from './help';
import { LARGE_ASSEMBLY } from './large-assembly';
import { PLANS } from './plan';
import { SYNTHESES } from './synthesis';
import { TERRAFORM } from './terraform';
import type { Comparison } from '../comparison';

export const COMPARISONS: readonly Comparison[] = [...SYNTHESES, HELP, ...PLANS, ...APPLIES, LARGE_ASSEMBLY, TERRAFORM];
