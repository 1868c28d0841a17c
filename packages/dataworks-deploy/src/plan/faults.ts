import { EXIT, kind, type FaultKind } from '../faults';

/** The way out for a stack in the middle of a change that could not be taken back. */
export const AFTER_FAILED_ROLLBACK =
  'after UPDATE_ROLLBACK_FAILED run aws cloudformation continue-update-rollback, after ROLLBACK_FAILED aws cloudformation delete-stack';

/** What can be wrong with a bundle, and what keeps a plan from being made. */
export const PLAN_FAULTS = {
  // Bundles
  noBundle: kind(
    'DW3200',
    'There is no plan bundle.',
    'a folder or a .tgz that dataworks plan wrote, or the digest of an uploaded plan: all of its 64 hexadecimal digits',
    'name the folder that was given to dataworks plan --out, or make the plan again',
  ),
  unreadableBundle: kind(
    'DW3201',
    'The bundle is no archive, or a damaged one.',
    'a folder or a .tgz that dataworks plan wrote',
    'fetch it again, or make the plan again',
    EXIT.refused,
  ),
  unsafeBundle: kind(
    'DW3202',
    'The bundle holds something that a plan never writes.',
    'regular files with plain relative paths',
    'do not use it: somebody made it by hand. Make the plan again',
    EXIT.refused,
  ),
  bundleTooLarge: kind(
    'DW3203',
    'The bundle is too large.',
    'at most 20,000 files, 2 GiB together, and 64 MiB for plan.json',
    'make the assets smaller, or publish them apart from the application',
    EXIT.refused,
  ),
  planNotJson: kind(
    'DW3204',
    'plan.json is no JSON.',
    'plan.json as dataworks plan wrote it',
    'do not use the bundle. Make the plan again',
    EXIT.refused,
  ),
  unknownFormat: kind(
    'DW3205',
    'The bundle has a format that this version does not know.',
    'the format of this version',
    'use the version of dataworks that made the plan, or make the plan again',
    EXIT.refused,
  ),
  malformedPlan: kind(
    'DW3206',
    'plan.json does not have the form of a plan.',
    'what schema/plan.schema.json says',
    'do not use the bundle. Make the plan again',
    EXIT.refused,
  ),
  digestDiffers: kind(
    'DW3207',
    'The bundle was changed after it was planned.',
    'exactly the files that its digest was made of',
    'do not use the bundle. Make the plan again, and find out who changed it',
    EXIT.refused,
  ),
  contradictoryBundle: kind(
    'DW3208',
    'The bundle contradicts itself: plan.json says something else than the files.',
    'a bundle that dataworks plan wrote',
    'do not use the bundle. Make the plan again',
    EXIT.refused,
  ),
  otherPlan: kind(
    'DW3209',
    'This is another plan than the one that was asked for.',
    'the bundle of this digest',
    'name the bundle that belongs to the digest',
    EXIT.refused,
  ),

  // Making a plan
  noApp: kind(
    'DW3220',
    'There is no CDK application.',
    'a cdk.json with `app` beside dataworks.json or in this directory, or --assembly <folder>',
    'go to the application, or synthesise it yourself and name the folder with --assembly',
  ),
  synthFailed: kind(
    'DW3221',
    'The application could not be synthesised.',
    'an `app` command that ends with exit code 0 and writes a cloud assembly',
    'put right what it printed above',
  ),
  badAssembly: kind('DW3222', 'The cloud assembly cannot be read.', 'a cloud assembly that CDK wrote', 'synthesise the application again'),
  noStacks: kind(
    'DW3223',
    'The application has nothing for this environment.',
    "a stage with the environment's name or, in an application without stages, stacks of its account and region",
    'name a stage like the environment, or correct account and region in dataworks.json',
  ),
  contextMissing: kind(
    'DW3224',
    'The application asks for context values that nobody has looked up.',
    'every value in cdk.context.json',
    'run `cdk synth` with credentials of the account, commit cdk.context.json, then plan again',
  ),
  staleTemplateAsset: kind(
    'DW3225',
    'A template was changed after it was synthesised, and its asset still has the old hash: the old template would be deployed.',
    'a template whose SHA-256 is the id of its asset',
    'change the application, not its assembly, and synthesise it again',
    EXIT.refused,
  ),
  unsupportedAsset: kind(
    'DW3226',
    'An asset is more than files of the assembly, or is published in a way that a plan does not show.',
    'files and folders of the assembly, with links only within an asset; images of a folder, with a Dockerfile in it, build arguments, target and platform; places in the account, and roles of it',
    'copy what it needs into the asset, build images from a folder, and leave every other option out',
  ),
  foreignStack: kind(
    'DW3227',
    'A stack belongs to another account than the environment.',
    "stacks of the environment's account",
    'put the stack into the stage of its own environment',
  ),
  otherBootstrap: kind(
    'DW3244',
    'The application is made for another CDK bootstrap than that of the environment: an apply would find neither its roles nor its bucket.',
    'the `qualifier` of dataworks.json, or names that no bootstrap of the CDK has',
    'set `@aws-cdk/core:bootstrapQualifier` in the context of cdk.json to that of dataworks.json, leave it out of the stack synthesizers, and synthesise again (of a rollback: plan its commit); or set `qualifier` in dataworks.json, then run dataworks bootstrap <environment>',
  ),
  unsettledStack: kind(
    'DW3228',
    'A stack is being changed, or was left in the middle of a change.',
    'stacks in a state that ends with _COMPLETE',
    `wait until it has ended; ${AFTER_FAILED_ROLLBACK}. Then plan again`,
  ),
  noCommit: kind(
    'DW3229',
    'The plan would belong to no git commit.',
    'a working directory in a git repository with at least one commit',
    'commit the application',
  ),
  deployedNotJson: kind(
    'DW3234',
    'The template of a deployed stack is no JSON: it was not deployed by CDK, and cannot be compared.',
    'stacks that CDK deployed',
    'give the stack of the application another name, or deploy it once with cdk deploy',
  ),
  parameterUnreadable: kind(
    'DW3235',
    'A stack takes a value from the parameter store that the plan may not read: nobody could approve it.',
    'parameters below /<project>/ and those of AWS, as the lookup role reads them',
    'name the parameter below /<project>/, or plan with credentials that may read it, then run the command again',
  ),
  unknownCondition: kind(
    'DW3238',
    'A condition of a deployed stack changes, and what it becomes is not known before it is deployed: nobody could approve it.',
    'conditions of parameters whose values are known when it is planned',
    'decide it in the application (an `if` in its code) in the place of a condition, or deploy first what makes the value',
  ),
  circle: kind(
    'DW3245',
    'Stacks wait for each other: what one of them reads, another makes or changes, which is deployed after it.',
    'stacks of which each reads only from those that are deployed before it',
    'take away one of the dependencies, or move what is read into a stack of its own that the others come after',
  ),
  secretGiven: kind(
    'DW3239',
    'A parameter with NoEcho is given a value by the application, or reads one from the parameter store: plan.json would tell it to everybody who reads the plan.',
    'NoEcho parameters that keep the value they have',
    'keep the value in Secrets Manager and read it by `{{resolve:secretsmanager:…}}`',
  ),
  outNotEmpty: kind(
    'DW3230',
    'The folder for the bundle exists and holds something else.',
    'a new or empty folder, or one with an earlier bundle',
    'name another one, or remove it',
  ),
  outUnwritable: kind(
    'DW3243',
    'The folder for the bundle cannot be made, or not be written to.',
    'a folder that may be written to, on a disk with room',
    'name another one with --out',
  ),
  reportUnwritable: kind(
    'DW3236',
    'The report cannot be written there.',
    'a file outside of the folder for the bundle, in a folder that may be written to',
    'name another file with --report',
  ),
  noUploadedPlan: kind(
    'DW3231',
    'There is no plan with this digest in the state bucket.',
    'the digest of a plan that was made with --upload',
    'check the digest, or make the plan again with --upload',
  ),
  noBackend: kind(
    'DW3232',
    'The state bucket or the lock table does not exist.',
    'an environment that was bootstrapped',
    'run dataworks bootstrap <environment>',
  ),
  uploadRefused: kind(
    'DW3233',
    'The state bucket has something else under the key of this plan.',
    'the same plan, or nothing',
    'find out who wrote it: nothing but a plan with this digest belongs there',
    EXIT.refused,
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
