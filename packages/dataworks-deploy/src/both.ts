import { Fault, FaultWithOther } from './fault';

/** Like `Promise.all`, except that it waits for both and, when each fails by a fault, throws both. */
export async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  const settled = await Promise.allSettled([one, other]);
  const [first, second] = settled.map((end): unknown => end.status === 'rejected' && end.reason);
  if (first instanceof Fault && second instanceof Fault) throw new FaultWithOther(first, second);
  return Promise.all([one, other]);
}
