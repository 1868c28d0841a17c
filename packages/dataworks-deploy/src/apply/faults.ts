import { EXIT, kind, type FaultKind } from '../faults';
import { AFTER_FAILED_ROLLBACK } from '../plan/faults';

const refused = (code: string, what: string, allowed: string, fix: string): FaultKind => kind(code, what, allowed, fix, EXIT.refused);

const PLAN_AGAIN = 'plan again, have that plan approved, and apply it';

/** What keeps a plan from being approved or applied. The docs list it from here. */
export const APPLY_FAULTS = {
  // Refused: nothing was changed, or what was changed is recorded
  otherEnvironment: refused(
    'DW3302',
    'The plan is of another environment.',
    'the environment that was planned',
    'name that environment, or plan this one',
  ),
  tooOld: refused('DW3303', 'The plan is too old.', '`planMaxAge` of the environment, since it was planned last', PLAN_AGAIN),
  notApproved: refused(
    'DW3304',
    'The plan is not approved by enough people.',
    '`approvals` of the environment, by different people, of exactly this digest, after it was planned last',
    'have it read and approved: dataworks approve <environment> <digest>',
  ),
  malformedApproval: refused(
    'DW3305',
    'An approval in the state bucket is not as this command writes it.',
    'the form of schema/approval.schema.json, of this digest',
    'find out who wrote it, and remove it as an administrator: until then nobody can approve or apply this plan, and planning again gives the same one. Then plan again: approvals from before do not count',
  ),
  stale: refused(
    'DW3306',
    'The plan is stale: the environment is no longer as it was when it was planned.',
    'an unchanged environment',
    PLAN_AGAIN,
  ),
  outOfOrder: refused(
    'DW3307',
    'The plan is out of order: what it deploys was not applied where it has to be applied first.',
    'a record of the same clean commit in the environment that `after` names, succeeded or without changes',
    'apply the commit there first',
  ),
  diverged: refused(
    'DW3308',
    'CloudFormation would do something else than what was approved; that stack was not changed.',
    'the template, parameters, tags and capabilities of the plan, and the changes that it shows',
    'find out what changed the stack or the template on its way (a hook, a person), then plan again and have that plan approved. What a transform makes, and a replacement of what holds data that the plan calls possible, no other plan shows either: replace the transform by what it makes, make the change in a plan of its own, or move the data to a resource with another logical id before the old one goes',
  ),
  stackBusy: refused(
    'DW3310',
    'Somebody else changes a stack at the same time; this command did not change it.',
    'stacks that nobody else changes while the environment is locked',
    `wait until it has ended, then ${PLAN_AGAIN}`,
  ),
  otherAsset: refused(
    'DW3314',
    'What is published under the name of an asset is something else; nothing was changed. What refers to the asset would keep the other content.',
    'nothing there, or the asset of the plan',
    'find out who published it. If the content of the asset changed and its hash did not, let the CDK hash the output (`assetHashType`), or delete what is there; then apply again',
  ),
  mutableTags: refused(
    'DW3315',
    'A repository of container images takes the same tag twice: under the one that was approved, anybody who may push can put another image. Nothing was changed.',
    'repositories whose tags are IMMUTABLE, as the one of `dataworks bootstrap` is',
    'aws ecr put-image-tag-mutability --repository-name <repository> --image-tag-mutability IMMUTABLE, look at who has pushed the image, then apply again',
  ),
  notMade: refused(
    'DW3312',
    'The plan is not what comes out of its assembly and of what is deployed; nothing was changed.',
    'the changes and risks that planning the same again shows',
    `use the version of dataworks that made the plan. If it did, somebody wrote the plan by hand: find out who, then ${PLAN_AGAIN}`,
  ),
  appliedBefore: refused('DW3309', 'This plan was applied before, and failed.', 'a plan that was not applied', PLAN_AGAIN),

  // Not done: what was done before is recorded
  changeSetFailed: kind(
    'DW3320',
    'CloudFormation refuses a change of a stack, or cannot make its change set; nothing of it was done.',
    'a change that CloudFormation accepts',
    `remove what the reason names, then ${PLAN_AGAIN}`,
  ),
  assetFailed: kind(
    'DW3322',
    'An asset could not be published; no stack that needs it was changed.',
    'an upload that the staging bucket or repository takes',
    'remove what the reason names, then apply the plan again; when an earlier stack was changed, plan again first',
  ),
  interruptedBefore: kind(
    'DW3324',
    'The apply was interrupted before it changed anything.',
    'an apply that runs to its end',
    'apply the plan again',
  ),
  notBegun: kind(
    'DW3327',
    'A stack was not changed, because another one of the plan could not be deployed.',
    'a plan of which every stack can be deployed',
    'see what is said of the other stack: that decides what to do',
  ),
  noImageBuilder: kind(
    'DW3326',
    'Container images have to be built, and there is nothing to build them with; nothing was changed.',
    'Docker, running, or what CDK_DOCKER names in its place',
    'apply where Docker runs, then the same plan will do',
  ),

  // Failed, and recorded
  deploymentFailed: kind(
    'DW3321',
    'The deployment of a stack failed.',
    'a deployment without failed resources',
    `remove what the reason names, then ${PLAN_AGAIN}`,
    EXIT.failed,
  ),
  interrupted: kind(
    'DW3323',
    'The apply was interrupted. What had begun has ended, nothing more was begun, and it is recorded as failed.',
    'an apply that runs to its end',
    PLAN_AGAIN,
    EXIT.failed,
  ),
  rollbackFailed: kind(
    'DW3325',
    'The deployment of a stack failed, and CloudFormation could not take it back: the stack is in the middle of both. It is recorded as failed, and the lock is released.',
    'a deployment without failed resources, or a rollback without',
    `remove what the reason names; ${AFTER_FAILED_ROLLBACK}. Then ${PLAN_AGAIN}`,
    EXIT.unclear,
  ),

  // Unclear
  unclear: kind(
    'DW3330',
    'What became of the deployment is not known: CloudFormation may still be at work. The lock is left.',
    'a run that sees the end of what it began',
    'apply the same plan again: it waits for CloudFormation, takes what was done as done, and does the rest',
    EXIT.unclear,
  ),

  // Approval
  approvalRace: kind(
    'DW3340',
    'The approval could not be written: others are written at the same time.',
    'a free number',
    'run the command again',
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
