/** A valid environment as one case has it to itself, and the ways to damage it. */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isExecutable } from '../../src/plan/assembly/assembly-assets';
import { packBundle } from '../../src/plan/bundle/bundle';
import { filesBelow } from '../../src/plan/bundle/bundle-files';
import { PLAN_FILE } from '../../src/plan/bundle/bundle-layout';
import { leafHash, rootOf } from '../../src/plan/digest';
import type { Plan } from '../../src/plan/plan';
import { serialise, undigested } from '../../src/plan/plan-format';

export type Item = Record<string, AttributeValue>;

/** What the servers and the disk are to hold for one case. It is written when its damage is done. */
export interface Copy {
  /** Its dataworks.json. */
  configuration: string | Buffer;
  /** Has the folder `bundle`, that of the approved plan, and the folder `assembly`, of which it was made. */
  readonly folder: string;
  /** In the state bucket, by what follows the state key, like `/record.json`. */
  readonly objects: Map<string, string | Uint8Array>;
  /** In the lock table, by what follows the ID of the lock, like `-fence`. */
  readonly items: Map<string, Item>;
  /** Digest of the approved plan. */
  readonly digest: string;
  /** Digest of the plan that was applied as serial 1. */
  readonly first: string;
}

/** Makes something of a copy malformed. */
export type Damage = (copy: Copy) => Promise<void> | void;

export type Json = Record<string, unknown>;
type Content = string | Uint8Array;

export const RECORD = '/record.json';
export const HISTORY = '/history/00000001.json';
export const LOCK_FILE = '.tflock';
export const bundleOf = ({ digest }: Pick<Copy, 'digest'>): string => `/plans/${digest}/bundle.tgz`;
export const approvalOf = ({ digest }: Pick<Copy, 'digest'>): string => `/approvals/${digest}/1.json`;

/** The file of a bundle, or of an assembly. */
export const path = ({ folder }: Copy, name: string): string => join(folder, name);

/** A file, by its path in the folder of the copy. */
export const file =
  (name: string, change: (text: string) => Content): Damage =>
  (copy) => {
    const at = path(copy, name);
    writeFileSync(at, change(readFileSync(at, 'utf8')));
  };

export const added =
  (name: string, content: Content = '{}'): Damage =>
  (copy) => {
    mkdirSync(dirname(path(copy, name)), { recursive: true });
    writeFileSync(path(copy, name), content);
  };

export const gone =
  (name: string): Damage =>
  (copy) => {
    rmSync(path(copy, name), { recursive: true });
  };

export const link =
  (name: string, target: string): Damage =>
  (copy) => {
    symlinkSync(target, path(copy, name));
  };

/** plan.json of the bundle, in its one notation, so that nothing but the change is wrong with it. */
export const plan = (change: (plan: Json) => void): Damage =>
  file(`bundle/${PLAN_FILE}`, (text) => {
    const value = JSON.parse(text) as Json;
    change(value);
    return serialise(value);
  });

/** The damage of somebody who knows how a digest is made. */
export const resealed =
  (damage: Damage): Damage =>
  async (copy) => {
    await damage(copy);
    const bundle = path(copy, 'bundle');
    const changed = JSON.parse(readFileSync(join(bundle, PLAN_FILE), 'utf8')) as Plan;
    const leaves = filesBelow(bundle).map((name) => {
      const at = join(bundle, name);
      const content = name === PLAN_FILE ? undigested(changed) : readFileSync(at);
      return [name, leafHash({ path: name, executable: isExecutable(at), content })] as const;
    });
    writeFileSync(join(bundle, PLAN_FILE), serialise({ ...changed, digest: rootOf(new Map(leaves)) }));
  };

/** The damage in the bundle of the state bucket, under the digest of the plan as it was. */
export const stored =
  (damage: Damage): Damage =>
  async (copy) => {
    await damage(copy);
    const archive = path(copy, 'bundle.tgz');
    await packBundle(path(copy, 'bundle'), archive);
    copy.objects.set(bundleOf(copy), readFileSync(archive));
  };

type Key = string | ((copy: Copy) => string);
const keyIn = (copy: Copy, key: Key): string => (typeof key === 'string' ? key : key(copy));

/** An object of the state bucket; undefined: it is not there. */
export const object =
  (key: Key, change: (text: string, copy: Copy) => Content | undefined): Damage =>
  (copy) => {
    const at = keyIn(copy, key);
    const content = change(Buffer.from(copy.objects.get(at) ?? '').toString(), copy);
    if (content === undefined) copy.objects.delete(at);
    else copy.objects.set(at, content);
  };

export const bytes =
  (key: Key, change: (content: Buffer) => Uint8Array): Damage =>
  (copy) => {
    copy.objects.set(keyIn(copy, key), change(Buffer.from(copy.objects.get(keyIn(copy, key))!)));
  };

/** A JSON object of the state bucket. */
export const json = (key: Key, change: (value: Json, copy: Copy) => void): Damage =>
  object(key, (text, copy) => {
    const value = JSON.parse(text) as Json;
    change(value, copy);
    return JSON.stringify(value);
  });

/** An item of the lock table, by what follows the ID of the lock. */
export const item =
  (suffix: string, attributes: Item): Damage =>
  ({ items }) => {
    items.set(suffix, attributes);
  };

export const all =
  (...damages: readonly Damage[]): Damage =>
  async (copy) => {
    for (const damage of damages) await damage(copy);
  };

/** Of dataworks.json. */
export const configured =
  (change: (text: string) => string | Buffer): Damage =>
  (copy) => {
    copy.configuration = change(copy.configuration.toString());
  };

export const setting = (change: (value: Json & { environments: Json[] }) => void): Damage =>
  configured((text) => {
    const value = JSON.parse(text) as Json & { environments: Json[] };
    change(value);
    return JSON.stringify(value);
  });

/** A copy of the valid one in a folder of its own. */
export function copyOf(valid: Copy, folder: string, stateKey: string): Copy {
  cpSync(valid.folder, folder, { recursive: true });
  return {
    ...valid,
    folder,
    configuration: JSON.stringify({ ...(JSON.parse(valid.configuration.toString()) as object), stateKey }),
    objects: new Map(valid.objects),
    items: new Map(valid.items),
  };
}
