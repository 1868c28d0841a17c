import type { AwsDestination, DockerImageAsset, FileAsset } from '@aws-cdk/cloud-assembly-schema';
import { Fault } from '../../fault';
import { PLAN_FAULTS } from '../faults';

const WHERE = ['region', 'assumeRoleArn'] as const satisfies ReadonlyArray<keyof AwsDestination>;

/**
 * What may stand in a manifest of assets. Whoever publishes them obeys more: commands that are run, secrets, sockets and folders of the
 * machine that are given to a build, files that it writes there, options by which a role is assumed. None of that is in a plan.
 */
const FIELDS: Readonly<Record<'file' | 'image', { readonly source: readonly string[]; readonly destination: readonly string[] }>> = {
  file: {
    source: ['path', 'packaging'] satisfies ReadonlyArray<keyof FileAsset['source']>,
    destination: ['bucketName', 'objectKey', ...WHERE] satisfies ReadonlyArray<keyof FileAsset['destinations'][string]>,
  },
  image: {
    source: ['directory', 'dockerFile', 'dockerBuildArgs', 'dockerBuildTarget', 'platform', 'cacheDisabled'] satisfies ReadonlyArray<
      keyof DockerImageAsset['source']
    >,
    destination: ['repositoryName', 'imageTag', ...WHERE] satisfies ReadonlyArray<keyof DockerImageAsset['destinations'][string]>,
  },
};

/** Files are packed, and images tagged on the machine, under the id. */
const ID = /^[A-Za-z0-9][\w.-]*$/;

/** Throws DW3226 for an asset that says more of itself than a plan does, or has an id that is no plain name. */
export function refuseMore(type: keyof typeof FIELDS, id: string, { source, destinations }: FileAsset | DockerImageAsset): void {
  const fields = FIELDS[type];
  const places = Object.values<AwsDestination>(destinations);
  const more = [
    ...Object.keys(source).filter((key) => !fields.source.includes(key)),
    ...places.flatMap((place) => Object.keys(place).filter((key) => !fields.destination.includes(key))),
  ];
  if (more.length > 0) throw unsupported(id, `with ${[...new Set(more)].join(', ')}`);
  if (!ID.test(id)) throw unsupported(id, 'whose id is no plain name');
}

export function unsupported(id: string, what: string): Fault {
  return new Fault(PLAN_FAULTS.unsupportedAsset, { received: `asset ${id}, ${what}` });
}
