/** One of many processes that contend for a lock, round after round. Started by `contend`, which tells it when to go on. */
import { once } from 'node:events';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LEDGER, type Contest, type Message } from './contend';
import { aRecord } from './records';
import { lockItemsIn } from '../../src/aws/lock-items';
import { objectsIn } from '../../src/aws/objects';
import { Fault } from '../../src/fault';
import { EXIT } from '../../src/faults';
import { systemClock } from '../../src/lock/clock';
import { acquire, type HeldLock } from '../../src/lock/lock';
import type { LockServices } from '../../src/lock/lock-services';
import { RecordStore } from '../../src/record/store';

const { items, objects, names, rounds, speed } = JSON.parse(process.argv[2]) as Contest;
const s3 = new S3Client({ forcePathStyle: true, region: objects.region });
const services: LockServices = {
  items: lockItemsIn(items),
  objects: objectsIn(objects),
  ...names,
  clock: {
    ...systemClock,
    elapsed: () => systemClock.elapsed() * speed,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / speed, signal),
  },
  jobState: () => Promise.resolve('unknown'),
};
const store = new RecordStore(services);

async function say(what: Message['what'], { fence, info }: HeldLock): Promise<void> {
  const heard = what === 'lost' ? undefined : once(process, 'message');
  process.send!({ what, fence, id: info.ID } satisfies Message);
  await heard;
}

async function readLedger(): Promise<string> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: objects.bucket, Key: LEDGER }));
    return await Body!.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return '';
    throw error;
  }
}

/** Gives whether there is another round. */
async function round(): Promise<boolean> {
  const lock = await acquire({
    services,
    operation: 'apply',
    reason: 'a round',
    who: `worker ${process.pid}`,
    targets: { names: [], inProgress: () => Promise.resolve([]), fenceOff: () => Promise.resolve({ left: [], highest: 0 }) },
    timeout: 99_999,
    tell: () => {},
  });
  try {
    const [ledger, last] = [await readLedger(), await store.read()];
    if (ledger.split('\n').length > rounds) return false;
    await say('holds', lock);
    if (!(await lock.stillMine())) {
      await say('lost', lock);
      return true;
    }
    await store.write(aRecord({ serial: (last?.record.serial ?? 0) + 1, fence: lock.fence }), last);
    await s3.send(new PutObjectCommand({ Bucket: objects.bucket, Key: LEDGER, Body: `${ledger}${lock.fence}\n` }));
    await say('wrote', lock);
    return true;
  } finally {
    await lock.release();
  }
}

async function work(): Promise<void> {
  for (let isGoingOn = true; isGoingOn;) {
    try {
      isGoingOn = await round();
    } catch (error) {
      // On a machine that is slow, somebody may be thought dead: it says so, and begins anew.
      if (!(error instanceof Fault && error.exitCode === EXIT.unclear)) throw error;
    }
  }
  process.disconnect();
}

void work();
