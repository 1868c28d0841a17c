/**
 * Context key of an application that is synthesised for one environment: the environment's name. `dataworks plan` sets it; an application
 * that makes that environment alone is planned sooner, by the time of the others, and one that does not look at it is planned as well.
 */
export const ENVIRONMENT_CONTEXT = 'dataworks:environment';
