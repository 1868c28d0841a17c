import { EXIT, kind, type FaultKind } from '../faults';

/** What can keep a command from the lock. */
export const LOCK_FAULTS = {
  held: kind(
    'DW3001',
    'The environment is locked.',
    'a lock that nobody holds',
    'wait until the holder has ended (--lock-timeout <seconds> waits for it); when it is known to be dead: dataworks unlock <environment> <ID>',
    EXIT.locked,
  ),
  stacksBusy: kind(
    'DW3002',
    'An operation on a stack of this environment is still in progress, and not one of this command.',
    'stacks that nothing changes',
    'wait until it has ended, then run the command again',
    EXIT.locked,
  ),
  lost: kind(
    'DW3003',
    'The lock was lost while it was held.',
    'a lock that nobody takes away, and a network in which it can be renewed',
    'run the command again: it finds what was done, and goes on from there',
    EXIT.unclear,
  ),
  notReleased: kind(
    'DW3004',
    'The lock could not be given back completely.',
    'both halves deleted, the item of the table and the object of the bucket',
    'run dataworks unlock <environment> <ID>. That of an apply ends without it: whoever waits for it finds that it stands still, and breaks it; one by hand does not',
    EXIT.unclear,
  ),
  noSuchLock: kind(
    'DW3005',
    'No lock with this ID is held.',
    'the ID of the lock, as `dataworks status` shows it',
    'run dataworks status <environment>; when the lock is gone there is nothing to do',
  ),
  changedMeanwhile: kind(
    'DW3006',
    'The lock was released or taken by somebody else in this moment. Nothing was deleted.',
    'a lock that stays as it was read',
    'run dataworks status <environment>',
    EXIT.locked,
  ),
  counterBack: kind(
    'DW3008',
    'The fencing counter of this environment had gone back: its table was restored, or made anew. It is raised now, and nothing was changed.',
    'a number that is higher than all that were given before',
    'run the command again: it gets a higher number',
    EXIT.refused,
  ),
  counterMalformed: kind(
    'DW3009',
    'The fencing counter of this environment is malformed; nothing was changed.',
    'an item with a whole number `Fence` and, when stacks are remembered, a set of texts `Stacks`',
    'find out who wrote it, and restore it; or delete it as an administrator: it begins anew, above all numbers that are recorded',
    EXIT.refused,
  ),
  noJob: kind(
    'DW3007',
    'This is no CI job, so nothing is known to be its own.',
    'a job of CircleCI',
    'by hand, release a lock by its ID: dataworks unlock <environment> <ID>',
  ),
} as const satisfies Readonly<Record<string, FaultKind>>;
