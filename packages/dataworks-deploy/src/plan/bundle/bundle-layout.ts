/** Files of a bundle beside its assembly. */
export const PLAN_FILE = 'plan.json';
export const SUMMARY_FILE = 'summary.json';
