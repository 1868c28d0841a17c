import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import {
  ArtifactType,
  Manifest,
  type ArtifactManifest,
  type AssetManifestProperties,
  type AssemblyManifest,
  type AwsCloudFormationStackProperties,
  type NestedCloudAssemblyProperties,
} from '@aws-cdk/cloud-assembly-schema';
import { assetsOf, BuiltAssets, type AssetSource } from './assembly-assets';
import { inBundle, plainPath } from './assembly-path';
import { Fault } from '../../fault';
import { parseJson } from '../../json';
import { sha256 } from '../digest';
import { PLAN_FAULTS } from '../faults';
import { ordered } from '../order';
import { fillIn, type Place } from './place';
import type { PlannedStack } from '../plan';
import { capabilitiesOf } from '../template/capabilities';
import { isSecret, isStored, parseTemplate, type StackTemplate } from '../template/stack-template';

/** What the assembly says of a stack. */
export type AssemblyStack = Omit<
  PlannedStack,
  'changedParameters' | 'changes' | 'deployed' | 'nestedParameters' | 'otherChanges' | 'ssmParameters' | 'waits'
>;

/** The part of a cloud assembly that belongs to one environment. */
export interface EnvironmentAssembly {
  /** Each after those that it depends on. */
  readonly stacks: readonly AssemblyStack[];
  /** By path in the bundle: those of the stacks, and of their nested stacks. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
  /** What the bundle holds of the assembly. */
  readonly sources: readonly AssetSource[];
}

/** Environment that a plan is for. */
export interface PlanTarget extends Place {
  readonly name: string;
}

interface Found {
  /** Folder of its manifest, relative to the assembly; `` for the assembly itself. */
  readonly folder: string;
  readonly id: string;
  readonly artifact: ArtifactManifest;
}

/**
 * Read the stacks of an environment: those of the stage of its name or, when the application has no stages, those that are for its account
 * and region, or for any. Throws DW3222 to DW3227 and DW3239, and reads nothing but files of the assembly.
 */
export function readAssembly(root: string, target: PlanTarget): EnvironmentAssembly {
  const manifestIn = manifestsOf(root);
  const stages = stagesOf(manifestIn(''));
  const stage = stages.find(({ names }) => names.includes(target.name));
  const found = stage ? stacksBelow(manifestIn, stage.folder) : stages.length === 0 ? stacksFor(target, stacksBelow(manifestIn, '')) : [];
  refuseMissingContext(manifestIn, ['', ...(stage ? [stage.folder] : [])]);
  if (found.length === 0) {
    const there = stages.length > 0 ? `stages ${stages.map(({ names }) => names[0]).join(', ')}` : 'no stage, and no stack for it';
    throw new Fault(PLAN_FAULTS.noStacks, { received: `${target.name}: the application has ${there}` });
  }
  const templates = new Map<string, StackTemplate>();
  const sources: AssetSource[] = manifestSources(manifestIn, found);
  const built = new BuiltAssets();
  const stacks = inOrder(found).map((one) => stackOf(root, one, { target, manifestIn, among: found, templates, sources, built }));
  refuseTwice(stacks.map(({ artifactId }) => artifactId));
  refuseTwice(stacks.map(({ region, name }) => `${region}/${name}`));
  refusePacked(stacks, sources);
  return { stacks, templates, sources };
}

/** The manifest in a folder of an assembly. */
type ManifestIn = (folder: string) => AssemblyManifest;

/** Each is loaded once: it is held against its schema, which takes longer the more stacks there are. */
function manifestsOf(root: string): ManifestIn {
  const loaded = new Map<string, AssemblyManifest>();
  return (folder) => {
    const manifest = loaded.get(folder) ?? loadManifest(root, folder);
    loaded.set(folder, manifest);
    return manifest;
  };
}

function loadManifest(root: string, folder: string): AssemblyManifest {
  try {
    const file = join(root, folder, 'manifest.json');
    parseJson(readFileSync(file, 'utf8')); // the schema leaves open how deep it is
    return Manifest.loadAssemblyManifest(file);
  } catch (error) {
    throw badAssembly(posix.join(folder, 'manifest.json'), error);
  }
}

function badAssembly(file: string, error: unknown): Fault {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n').join(' ').slice(0, 300);
  return new Fault(PLAN_FAULTS.badAssembly, { received: `${file}: ${reason}` });
}

/** The schema of the CDK lets an artifact have none, or those of another type. Throws DW3222 for one that lacks the file or folder that it is. */
function propertiesOf<T extends object>({ type, properties }: ArtifactManifest, required: keyof T & string): T {
  const found = properties as T | undefined;
  if (typeof found?.[required] !== 'string') throw badAssembly('manifest.json', `an artifact ${type} without ${required}`);
  return found;
}

interface Stage {
  readonly names: readonly string[];
  readonly folder: string;
}

function stagesOf({ artifacts = {} }: AssemblyManifest): Stage[] {
  return Object.values(artifacts)
    .filter(({ type }) => type === ArtifactType.NESTED_CLOUD_ASSEMBLY)
    .map((artifact) => {
      const { directoryName, displayName } = propertiesOf<NestedCloudAssemblyProperties>(artifact, 'directoryName');
      return { folder: plainPath('', directoryName), names: [displayName ?? directoryName, directoryName.replace(/^assembly-/, '')] };
    });
}

/** The stacks of an assembly, and of those nested in it. */
function stacksBelow(manifestIn: ManifestIn, folder: string): Found[] {
  const manifest = manifestIn(folder);
  const own = Object.entries(manifest.artifacts ?? {})
    .filter(([, { type }]) => type === ArtifactType.AWS_CLOUDFORMATION_STACK)
    .map(([id, artifact]) => ({ folder, id, artifact }));
  return [...own, ...stagesOf(manifest).flatMap((stage) => stacksBelow(manifestIn, posix.join(folder, stage.folder)))];
}

const ANYWHERE = /unknown-(account|region)/;

function stacksFor({ account, region }: Place, stacks: readonly Found[]): Found[] {
  const here = `aws://${account}/${region}`;
  return stacks.filter(({ artifact: { environment = '' } }) => environment === here || ANYWHERE.test(environment));
}

function refuseMissingContext(manifestIn: ManifestIn, folders: readonly string[]): void {
  const missing = folders.flatMap((folder) => manifestIn(folder).missing ?? []);
  const keys = [...new Set(missing.map(({ key, provider }) => `${key} (${provider})`))];
  if (keys.length > 0) throw new Fault(PLAN_FAULTS.contextMissing, { received: keys.join(', ') });
}

/** Stable: of two that do not depend on each other, the one that the manifest names first. Throws DW3222 for a circle. */
function inOrder(stacks: readonly Found[]): Found[] {
  const { inOrder: found, circle } = ordered(stacks, (one, other) => one.artifact.dependencies?.includes(other.id) ?? false);
  if (circle.length > 0) throw badAssembly('manifest.json', `stacks that depend on each other: ${circle.map(({ id }) => id).join(', ')}`);
  return [...found];
}

function dependenciesOf({ id, artifact }: Found, among: readonly Found[]): string[] {
  const ids = new Set(artifact.dependencies);
  return among
    .map((other) => other.id)
    .filter((other) => other !== id && ids.has(other))
    .sort();
}

interface Reading {
  readonly target: PlanTarget;
  readonly manifestIn: ManifestIn;
  readonly among: readonly Found[];
  readonly templates: Map<string, StackTemplate>;
  readonly sources: AssetSource[];
  readonly built: BuiltAssets;
}

function stackOf(root: string, found: Found, { target, manifestIn, among, templates, sources, built }: Reading): AssemblyStack {
  const { id, folder, artifact } = found;
  const properties = propertiesOf<AwsCloudFormationStackProperties>(artifact, 'templateFile');
  const place = placeOf(artifact, target, properties.stackName ?? id);
  const file = plainPath(folder, properties.templateFile);
  const text = read(root, file);
  const parsed = parseTemplate(text, file);
  refuseSecrets(parsed, properties.parameters ?? {}, properties.stackName ?? id);
  templates.set(inBundle(file), parsed);
  sources.push({ path: inBundle(file), file: join(root, file) });
  const manifest = assetManifestOf(manifestIn, found);
  const assets = manifest === undefined ? undefined : assetsOf(root, manifest, { place, stackTemplate: file, built });
  for (const asset of assets?.sources ?? []) sources.push(asset);
  for (const [path, template] of assets?.templates ?? []) {
    refuseSecrets(template, {}, `${properties.stackName ?? id} (${path})`);
    templates.set(path, template);
  }
  const hash = sha256(text);
  refuseStale(properties.stackTemplateAssetObjectUrl, hash, file);
  const tags = properties.tags ?? {};
  const own = [inBundle(file), ...(assets?.templates.keys() ?? [])].map((path) => templates.get(path)!);
  return {
    name: properties.stackName ?? id,
    artifactId: id,
    region: place.region,
    dependsOn: dependenciesOf(found, among),
    template: {
      file: inBundle(file),
      hash,
      ...(properties.stackTemplateAssetObjectUrl !== undefined && { url: fillIn(properties.stackTemplateAssetObjectUrl, place) }),
    },
    ...(manifest !== undefined && { assetManifest: inBundle(manifest) }),
    parameters: sortedTexts(properties.parameters ?? {}),
    tags: sortedTexts(tags),
    terminationProtection: properties.terminationProtection ?? false,
    capabilities: capabilitiesOf(own),
    ...arn('roleArn', properties.cloudFormationExecutionRoleArn, place),
    ...arn('deployRoleArn', properties.assumeRoleArn, place),
    ...arn('lookupRoleArn', properties.lookupRole?.arn, place),
    assets: assets?.assets ?? [],
  };
}

/** Throws DW3222 for stacks that are told apart by nothing: of two that are the same stack, only one would be deployed. */
function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badAssembly('manifest.json', `two stacks ${twice}`);
}

/** Folder beside a manifest of assets in which whoever publishes them keeps what is packed; what is there already is not packed again. */
const PACKED = '.cache/';

/** Throws DW3226 for a file that would be published in the place of an asset that has to be packed. */
function refusePacked(stacks: readonly AssemblyStack[], sources: readonly AssetSource[]): void {
  const folders = stacks.flatMap(({ assetManifest }) => (assetManifest === undefined ? [] : [`${posix.dirname(assetManifest)}/${PACKED}`]));
  const packed = sources.find(({ path }) => folders.some((folder) => path.startsWith(folder)));
  if (packed) {
    throw new Fault(PLAN_FAULTS.unsupportedAsset, { received: `${packed.path}, where assets are packed when they are published` });
  }
}

/** Throws DW3239 for a value that CloudFormation would tell nobody, and plan.json would: one that is given, or read from the parameter store. */
function refuseSecrets({ Parameters = {} }: StackTemplate, given: Readonly<Record<string, string>>, stack: string): void {
  const isTold = (name: string) => Object.hasOwn(given, name) || isStored(Parameters[name]);
  const secrets = Object.keys(Parameters).filter((name) => isSecret(Parameters[name]) && isTold(name));
  if (secrets.length > 0) throw new Fault(PLAN_FAULTS.secretGiven, { received: `${secrets.join(', ')} of stack ${stack}` });
}

function arn<K extends string>(key: K, value: string | undefined, place: Place): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: fillIn(value, place) } as Record<K, string>);
}

/** Throws DW3227 for another account than the environment's. Another region is fine: certificates of CloudFront are in one of their own. */
function placeOf({ environment = '' }: ArtifactManifest, target: PlanTarget, stack: string): Place {
  const [account, region] = environment.replace('aws://', '').split('/') as [string, string?];
  if (account !== target.account && !ANYWHERE.test(account)) {
    throw new Fault(PLAN_FAULTS.foreignStack, { received: `${stack}, of account ${account}`, allowed: `account ${target.account}` });
  }
  return { account: target.account, region: region === undefined || ANYWHERE.test(region) ? target.region : region };
}

function assetManifestOf(manifestIn: ManifestIn, { folder, artifact }: Found): string | undefined {
  const { artifacts = {} } = manifestIn(folder);
  const manifests = (artifact.dependencies ?? []).filter(
    (id) => (artifacts[id] as ArtifactManifest | undefined)?.type === ArtifactType.ASSET_MANIFEST,
  );
  if (manifests.length === 0) return undefined;
  return plainPath(folder, propertiesOf<AssetManifestProperties>(artifacts[manifests[0]], 'file').file);
}

/** The place where the template is published is named by its hash; what is there already is not published again. */
function refuseStale(url: string | undefined, hash: string, file: string): void {
  if (url !== undefined && !posix.basename(url).startsWith(hash)) {
    throw new Fault(PLAN_FAULTS.staleTemplateAsset, { received: `${file} with SHA-256 ${hash}, published as ${url}` });
  }
}

/** Manifests with nothing in them but what leads to these stacks: no trace of how they were made, no other environment. */
function manifestSources(manifestIn: ManifestIn, found: readonly Found[]): AssetSource[] {
  const folders = [...new Set(found.flatMap(({ folder }) => upwards(folder)))].sort();
  return folders.map((folder): AssetSource => {
    const { version, artifacts = {} } = manifestIn(folder);
    const stacks = found.filter((one) => one.folder === folder);
    const wanted = new Set(stacks.flatMap(({ id, artifact }) => [id, ...(artifact.dependencies ?? [])]));
    const isKept = (id: string, { type, properties }: ArtifactManifest) =>
      type === ArtifactType.NESTED_CLOUD_ASSEMBLY
        ? folders.includes(posix.join(folder, (properties as NestedCloudAssemblyProperties).directoryName))
        : KEPT.includes(type) && wanted.has(id);
    const kept = Object.entries(artifacts).filter(([id, artifact]) => isKept(id, artifact));
    const manifest = { version, artifacts: Object.fromEntries(kept.map(([id, artifact]) => [id, withoutMetadata(artifact)])) };
    return { path: inBundle(posix.join(folder, 'manifest.json')), text: `${JSON.stringify(manifest, undefined, 2)}\n` };
  });
}

/** A folder and those above it, up to the assembly itself. */
function upwards(folder: string): string[] {
  return folder === '' ? [''] : [folder, ...upwards(folder.includes('/') ? posix.dirname(folder) : '')];
}

function withoutMetadata({ type, environment, properties, dependencies, displayName }: ArtifactManifest): ArtifactManifest {
  return { type, environment, properties, dependencies, displayName };
}

const KEPT: readonly ArtifactType[] = [ArtifactType.AWS_CLOUDFORMATION_STACK, ArtifactType.ASSET_MANIFEST];

function read(root: string, file: string): Buffer {
  try {
    return readFileSync(join(root, file));
  } catch (error) {
    throw badAssembly(file, error);
  }
}

export function sortedTexts(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1)));
}
