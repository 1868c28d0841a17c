import type { AssetDestination, PlannedStack, Risk } from '../plan';
import { isChanged } from '../summary';

/** As `cdk bootstrap` names what assets are published to, and the roles that publish them. */
const USUAL_PLACE = /^(s3:\/\/cdk-[\w-]+-assets-[0-9]{12}-[a-z0-9-]+\/|cdk-[\w-]+-container-assets-[0-9]{12}-[a-z0-9-]+:)/;
const USUAL_ROLE = /:role\/cdk-[\w-]+-(file|image)-publishing-role-[0-9]{12}-[a-z0-9-]+$/;

/** Where an apply would write assets of a stack, and by which role, when that is not where and how the CDK does: they may belong to others. */
export function publishingRisks(stack: PlannedStack): Risk[] {
  const { artifactId, assets, waits } = stack;
  if (!isChanged(stack) && waits.length === 0) return []; // nothing of it is published
  const places = assets.flatMap(({ destinations }) => destinations).filter((destination) => !isUsual(destination));
  const reasons = new Set(places.map(({ location, roleArn }) => `is written to ${location} by ${roleArn ?? 'whoever applies'}`));
  return [...reasons].map((reason) => ({ kind: 'publishing', stack: artifactId, nested: [], reason }));
}

function isUsual({ location, roleArn }: AssetDestination): boolean {
  return USUAL_PLACE.test(location) && (roleArn === undefined || USUAL_ROLE.test(roleArn));
}
