import type { Refusal } from '@dataworks/constructs/lib/private/refusals';

const refusal = (code: string, what: string, allowed: string, fix: string): Refusal => ({ code, what, allowed, fix });

/** What the constructs refuse at synthesis: what AWS would reject later, or would let somebody in. The docs list them from here. */
export const REFUSALS = {
  // Names
  projectForm: refusal(
    'DW2001',
    'Not the name of a project: it begins every name, and some would become too long, or be refused.',
    '2 to 20 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
    "name it like 'dataworks'",
  ),
  environmentForm: refusal(
    'DW2002',
    'Not the name of an environment.',
    '2 to 10 lower-case letters and digits, beginning with a letter',
    "name it like 'dev'",
  ),
  stateBucketName: refusal(
    'DW2003',
    'S3 would reject the name of the state bucket.',
    'at most 63 lower-case letters, digits and hyphens in <stateName>-<environment>-<stateNameSuffix>',
    'shorten or correct stateName or stateNameSuffix',
  ),
  stateKeyForm: refusal(
    'DW2004',
    'Not a prefix for the state: rights over it are given by this prefix, so it must not reach into another one.',
    "1 to 128 letters, digits, '.', '_' and '-', beginning with a letter or digit",
    "name it like 'dataworks-infra'",
  ),
  qualifierForm: refusal(
    'DW2005',
    'The CDK would reject the qualifier.',
    '1 to 10 lower-case letters and digits',
    "name it like 'dataworks'",
  ),
  roleNameTooLong: refusal(
    'DW2006',
    'IAM would reject the name of a role of the CDK bootstrap in this region.',
    'at most 64 characters',
    'shorten the qualifier',
  ),
  placeUnknown: refusal(
    'DW2007',
    'A backend belongs to one account and region, and its names contain them.',
    'an account of 12 digits and a region, both known at synthesis',
    'pass env: { account, region }',
  ),
  owner: refusal(
    'DW2008',
    'AWS would reject the tag `owner`.',
    "1 to 256 letters, digits, spaces and any of '_.:/=+-@'",
    'name the team that answers for the environment',
  ),

  // Who may come in
  circleCiId: refusal(
    'DW2011',
    'Not an id of CircleCI. A token with another one would be refused, or worse, that of somebody else taken.',
    'a UUID in lower case, like 3f0c7a52-1d0e-4b6e-9a3e-0d4c9d6a7b11',
    'copy it from the settings of the organisation, or of the project, in CircleCI',
  ),
  repositoryForm: refusal(
    'DW2012',
    'Not a repository as the tokens of CircleCI name it.',
    'host/organisation/repository, like github.com/acme/lake',
    'write it without https:// and without .git',
  ),
  administratorForm: refusal(
    'DW2013',
    'Not an administrator.',
    "ARNs of roles or users of this account; '*' in the last segment only, as the roles of IAM Identity Center need it",
    'write it like arn:aws:iam::111122223333:role/admin',
  ),
  administratorIsPipeline: refusal(
    'DW2014',
    'The pattern also matches a role of the pipeline, which would deploy without the external id.',
    'a pattern that matches administrators alone',
    'write more of the name before the *',
  ),
  administratorIsWorkload: refusal(
    'DW2016',
    'The administrator is named like what deployments make: they change the trust of roles by such names, and could become him.',
    'a name that does not begin with <project>-<environment>-',
    'name his role otherwise, or give it a path',
  ),
  tooManyAdministrators: refusal(
    'DW2017',
    'IAM would reject the trust policy of the deployer, which names all administrators.',
    'ARNs of at most 1200 characters together',
    "join them by a '*', or let them assume one role",
  ),
  nobody: refusal(
    'DW2015',
    'Nobody could deploy to this environment.',
    'circleCi, or at least one of administrators',
    'name the project in CircleCI, or the roles that deploy by hand',
  ),

  // Other environments
  otherPlace: refusal(
    'DW2021',
    'Not another environment.',
    'its name, 2 to 10 lower-case letters and digits; its account, 12 digits; its key, if any, by its ARN',
    'take both from dataworks.json',
  ),
  itself: refusal(
    'DW2022',
    'An environment cannot come after itself, and needs no leave to read its own record.',
    'another environment',
    'leave it out',
  ),
} as const;
