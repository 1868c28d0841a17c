import type { LockItem, LockServices, OwnItem } from './lock-services';
import type { LockHalves } from './situation';
import { Fault } from '../fault';
import { FAULTS } from '../faults';

const REFUSALS: readonly string[] = [
  FAULTS.missingPermission.code,
  FAULTS.credentialsMissing.code,
  FAULTS.credentialsExpired.code,
  FAULTS.credentialsRejected.code,
];

type Services = Pick<LockServices, 'items' | 'objects' | 'lockFileKey'>;

/** A lock that somebody wants, or has. */
export interface Claim {
  /** Terraform's JSON about its holder: unique, for its ID is. */
  readonly text: string;
  item: OwnItem;
  /** Whether anything may have been written for it. Not when the first write was answered with a refusal. */
  touched?: boolean;
}

export async function halvesOf({ items, objects, lockFileKey }: Services): Promise<LockHalves> {
  const [item, file] = await Promise.all([items.read(), objects.read(lockFileKey)]);
  return { item, file };
}

/**
 * Take both halves, in Terraform's order: the object, then the item; without the item the object is given back.
 *
 * @returns ETag of the object; undefined when somebody else holds a half
 */
export async function take(services: Services, claim: Claim): Promise<string | undefined> {
  const etag = await written(services, claim, begun(claim, services.objects.create(services.lockFileKey, claim.text)));
  return etag === undefined ? undefined : withItem(services, claim, etag);
}

/**
 * Put a claim in the place of a holder that is dead. The item goes first: where its holder lives after all, its heartbeat
 * has changed, and nothing has been taken from it yet. The object goes last: until `onBroken` has written down that the lock is broken,
 * it names whose it was, also to whoever comes after a crash.
 *
 * @returns ETag of the object; undefined when anything is no longer as it was seen
 */
export async function breakAndTake(
  services: Services,
  claim: Claim,
  { item, file }: LockHalves,
  onBroken: () => Promise<void>,
): Promise<string | undefined> {
  const { items, objects, lockFileKey } = services;
  if (item && !(await replaced(items, claim, item)) && (await items.read())?.info !== claim.text) return undefined;
  if (item) await onBroken();
  const write = file ? objects.replace(lockFileKey, claim.text, file.etag) : objects.create(lockFileKey, claim.text);
  const etag = await written(services, claim, write);
  if (item) {
    if (etag === undefined) await items.remove(claim.text);
    return etag;
  }
  if (etag === undefined) return undefined;
  await onBroken();
  return withItem(services, claim, etag);
}

/**
 * Give back what is ours of both halves, whatever else is there: the object first, so that a crash leaves the item, which
 * tells more of its holder.
 *
 * @returns every error: one half does not keep the other
 */
export async function giveBack({ items, objects, lockFileKey }: Services, { text, touched }: Claim): Promise<Error[]> {
  const errors: Error[] = [];
  if (!touched) return errors;
  const attempt = async (deletion: () => Promise<unknown>) => {
    try {
      await deletion();
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  };
  await attempt(async () => {
    const file = await objects.read(lockFileKey);
    if (file?.text === text) await objects.remove(lockFileKey, file.etag);
  });
  await attempt(() => items.remove(text));
  return errors;
}

/**
 * Without an answer, the item tells. When it does not, nothing is given back: with the item the trace of whose lock it was would go, which
 * whoever comes next writes down.
 */
async function replaced(items: LockServices['items'], claim: Claim, seen: LockItem): Promise<boolean> {
  try {
    return await items.replace(claim.item, seen);
  } catch (error) {
    claim.touched = false;
    if ((await items.read())?.info !== claim.text) throw error;
    claim.touched = true;
    return true;
  }
}

/** Credentials and permissions are answers too: whoever gets them has written nothing. */
async function begun<T>(claim: Claim, firstWrite: Promise<T>): Promise<T> {
  try {
    const answer = await firstWrite;
    claim.touched = true;
    return answer;
  } catch (error) {
    claim.touched ||= !(error instanceof Fault && REFUSALS.includes(error.code));
    throw error;
  }
}

async function withItem({ items, objects, lockFileKey }: Services, { item, text }: Claim, etag: string): Promise<string | undefined> {
  const holder = await items.create(item);
  if (holder === undefined || holder.info === text) return etag;
  await objects.remove(lockFileKey, etag);
  return undefined;
}

/** A write is repeated when its answer is lost, and is then refused because of itself. */
async function written(
  { objects, lockFileKey }: Services,
  { text }: Claim,
  write: Promise<string | undefined>,
): Promise<string | undefined> {
  const etag = await write;
  if (etag !== undefined) return etag;
  const file = await objects.read(lockFileKey);
  return file?.text === text ? file.etag : undefined;
}
