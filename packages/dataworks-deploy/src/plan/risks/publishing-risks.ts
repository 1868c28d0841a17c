import type { AssetDestination, PlannedStack, Risk } from '../plan';
import { isChanged } from '../summary';

/**
 * Where an apply would write assets of a stack, and by which role, when that is not where and how the CDK does: they may belong to others.
 *
 * @param account of the plan, 12 digits
 */
export function publishingRisks(stack: PlannedStack, account: string): Risk[] {
  const { artifactId, region, assets, waits } = stack;
  if (!isChanged(stack) && waits.length === 0) return []; // nothing of it is published
  const places = assets.flatMap(({ destinations }) => destinations).filter((destination) => !isUsual(destination, `${account}-${region}`));
  const reasons = new Set(places.map(({ location, roleArn }) => `is written to ${location} by ${roleArn ?? 'whoever applies'}`));
  return [...reasons].map((reason) => ({ kind: 'publishing', stack: artifactId, nested: [], reason }));
}

/** As `cdk bootstrap` names what assets are published to, and the roles that publish them, in the account and the region of the stack. */
function isUsual({ location, roleArn }: AssetDestination, place: string): boolean {
  const usualPlace = new RegExp(`^(s3://cdk-[\\w-]+-assets-${place}/|cdk-[\\w-]+-container-assets-${place}:)`);
  const usualRole = new RegExp(`:role/cdk-[\\w-]+-(file|image)-publishing-role-${place}$`);
  return usualPlace.test(location) && (roleArn === undefined || usualRole.test(roleArn));
}
