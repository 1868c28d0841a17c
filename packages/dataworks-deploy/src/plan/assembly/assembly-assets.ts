import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Manifest, FileAssetPackaging, type AssetManifest, type DockerImageAsset, type FileAsset } from '@aws-cdk/cloud-assembly-schema';
import { inBundle, plainPath } from './assembly-path';
import { refuseMore, unsupported } from './asset-limits';
import { Fault } from '../../fault';
import { leafHash, rootOf, sha256 } from '../digest';
import { PLAN_FAULTS } from '../faults';
import { fillIn, type Place } from './place';
import type { AssetDestination, PlannedAsset } from '../plan';
import { parseTemplate, type StackTemplate } from '../template/stack-template';

/** A file of a bundle: copied, or written. */
export type AssetSource = { readonly path: string } & ({ readonly file: string } | { readonly text: string });

export interface StackAssets {
  /** Sorted by id. */
  readonly assets: readonly PlannedAsset[];
  readonly sources: readonly AssetSource[];
  /** Templates of nested stacks, by path in the bundle. */
  readonly templates: ReadonlyMap<string, StackTemplate>;
}

interface AssetContext {
  readonly place: Place;
  /** Of the stack itself, in the assembly. */
  readonly stackTemplate: string;
  readonly built: BuiltAssets;
}

/** What is packed or built under its id on the machine that publishes, of all stacks: whoever comes second takes what is there. */
export class BuiltAssets {
  private readonly sources = new Map<string, unknown>();

  /** Throws DW3222 for an id that another one has which is made of something else. In names of images, case does not count. */
  public add(type: PlannedAsset['type'], id: string, source: unknown): void {
    const key = `${type} ${id.toLowerCase()}`;
    const other = this.sources.get(key);
    if (other !== undefined && !isDeepStrictEqual(other, source)) {
      throw new Fault(PLAN_FAULTS.badAssembly, { received: `two assets with the id ${id}, which are not the same` });
    }
    this.sources.set(key, source);
  }
}

/** The assets of a stack. Throws DW3222, DW3225 for a template that was changed after its hash was made, DW3226 for what a bundle cannot hold. */
export function assetsOf(root: string, manifest: string, context: AssetContext): StackAssets {
  const { files = {}, dockerImages = {} } = loaded(root, manifest);
  const folder = posix.dirname(manifest);
  const assets: PlannedAsset[] = [];
  const sources: AssetSource[] = [{ path: inBundle(manifest), file: join(root, manifest) }];
  const templates = new Map<string, StackTemplate>();
  for (const [id, asset] of Object.entries(files)) {
    refuseMore('file', id, asset);
    const { source, destinations } = asset;
    const path = plainPath(folder, insideOf(id, source.path));
    const places = Object.values(destinations).map((one) => fileDestination(one, context.place));
    if (source.packaging === FileAssetPackaging.ZIP_DIRECTORY) {
      const tree = folderTree(root, path);
      sources.push(...tree.sources);
      context.built.add('zip', id, { path: tree.hash });
      assets.push({ id, type: 'zip', path: inBundle(path), hash: tree.hash, destinations: places });
      continue;
    }
    const content = contentOf(root, path);
    const hash = sha256(content);
    const isTemplate = path === context.stackTemplate || /\.template\.json$/.test(path);
    if (isTemplate) {
      refuseStale(id, content, path, places);
      if (path !== context.stackTemplate) templates.set(inBundle(path), parseTemplate(content, path));
    }
    if (path !== context.stackTemplate) sources.push({ path: inBundle(path), file: realpathSync(join(root, path)) });
    assets.push({ id, type: isTemplate ? 'template' : 'file', path: inBundle(path), hash, destinations: places });
  }
  for (const [id, asset] of Object.entries(dockerImages)) {
    refuseMore('image', id, asset);
    const { source, destinations } = asset;
    const path = plainPath(folder, insideOf(id, source.directory));
    const tree = folderTree(root, path);
    refuseDockerFileElsewhere(id, source.dockerFile, path, tree.sources);
    context.built.add('image', id, { ...source, directory: tree.hash });
    sources.push(...tree.sources);
    const places = Object.values(destinations).map((one) => imageDestination(one, context.place));
    assets.push({ id, type: 'image', path: inBundle(path), hash: tree.hash, destinations: places });
  }
  return { assets: assets.sort((one, other) => (one.id < other.id ? -1 : 1)), sources, templates };
}

function loaded(root: string, manifest: string): AssetManifest {
  try {
    const content = Manifest.loadAssetManifest(join(root, manifest));
    const { files, dockerImages } = content;
    // The CDK's schema lets pass what is no object at all.
    const assets = Object.entries<Partial<FileAsset | DockerImageAsset>>({ ...files, ...dockerImages });
    const odd = assets.find(([, { source, destinations }]) => typeof source !== 'object' || typeof destinations !== 'object');
    if (odd) throw new Error(`asset ${odd[0]} without source or destinations`);
    return content;
  } catch (error) {
    throw new Fault(PLAN_FAULTS.badAssembly, { received: `${manifest}: ${(error as Error).message.split('\n').join(' ').slice(0, 300)}` });
  }
}

function insideOf(id: string, path: string | undefined): string {
  if (path !== undefined) return path;
  throw unsupported(id, 'which is made of nothing');
}

/** A build reads it wherever it is: what is not below the folder of the asset, nobody has approved. */
function refuseDockerFileElsewhere(id: string, dockerFile: string | undefined, path: string, sources: readonly AssetSource[]): void {
  if (dockerFile === undefined) return;
  const file = inBundle(plainPath(path, dockerFile));
  if (!sources.some((source) => source.path === file)) throw unsupported(id, `with dockerFile ${dockerFile}, which is not in its folder`);
}

type FileDestination = FileAsset['destinations'][string];
type ImageDestination = DockerImageAsset['destinations'][string];

function fileDestination(destination: FileDestination, place: Place): AssetDestination {
  const { bucketName, objectKey } = destination;
  return { ...whereAndWho(destination, place), location: fillIn(`s3://${bucketName}/${objectKey}`, place) };
}

function imageDestination(destination: ImageDestination, place: Place): AssetDestination {
  const { repositoryName, imageTag } = destination;
  return { ...whereAndWho(destination, place), location: fillIn(`${repositoryName}:${imageTag}`, place) };
}

/** @param place of the stack */
function whereAndWho({ region, assumeRoleArn }: FileDestination | ImageDestination, place: Place) {
  const roleArn = assumeRoleArn === undefined ? undefined : fillIn(assumeRoleArn, place);
  if (roleArn !== undefined && roleArn.split(':')[4] !== place.account) {
    throw new Fault(PLAN_FAULTS.unsupportedAsset, { received: `an asset that is published by ${roleArn}, a role of another account` });
  }
  return { ...(region !== undefined && { region: fillIn(region, place) }), ...(roleArn !== undefined && { roleArn }) };
}

/** An object that exists is not published again: under the hash of another template, that other one would be deployed. */
function refuseStale(id: string, content: Buffer, path: string, destinations: readonly AssetDestination[]): void {
  const hashes = templateHashes(content);
  const stale = destinations.find(({ location }) => !hashes.some((hash) => posix.basename(location).startsWith(hash)));
  if (!stale) return;
  const received = `${path} with SHA-256 ${hashes[0]}, published as ${stale.location} (asset ${id})`;
  throw new Fault(PLAN_FAULTS.staleTemplateAsset, { received });
}

/** CDK names the template of a stack by its bytes, that of a nested stack by what it says without white space. */
function templateHashes(content: Buffer): string[] {
  try {
    return [sha256(content), sha256(JSON.stringify(JSON.parse(content.toString())))];
  } catch {
    return [sha256(content)];
  }
}

function contentOf(root: string, path: string): Buffer {
  try {
    return readFileSync(join(root, path));
  } catch (error) {
    throw missing(path, error);
  }
}

function missing(path: string, error: unknown): Fault {
  return new Fault(PLAN_FAULTS.unsupportedAsset, { received: `${path} (${(error as NodeJS.ErrnoException).code})` });
}

/** A folder with its links followed, as it is packed when it is published. */
function folderTree(root: string, path: string): { readonly hash: string; readonly sources: AssetSource[] } {
  const files = filesOf(root, path);
  const leaves = files.map(
    ([name, file]) => [name, leafHash({ path: name, executable: isExecutable(file), content: readFileSync(file) })] as const,
  );
  return { hash: rootOf(new Map(leaves)), sources: files.map(([name, file]) => ({ path: inBundle(posix.join(path, name)), file })) };
}

/** Whether its owner may execute a file. */
export function isExecutable(file: string): boolean {
  return isExecutableMode(statSync(file).mode);
}

/** @param mode of a file, as the file system keeps it */
export function isExecutableMode(mode: number): boolean {
  return /[1357]..$/.test(mode.toString(8));
}

function filesOf(root: string, path: string): Array<readonly [name: string, file: string]> {
  try {
    const inside = realpathSync(join(root, path));
    return filesIn(inside, '', [inside]);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw missing(path, error);
  }
}

/** @param folders those that lead here, the asset's own first */
function filesIn(asset: string, at: string, folders: readonly string[]): Array<readonly [string, string]> {
  return readdirSync(folders.at(-1)!).flatMap((entry) => {
    const name = at === '' ? entry : `${at}/${entry}`;
    const file = realpathSync(join(folders.at(-1)!, entry));
    if (!file.startsWith(`${asset}${sep}`)) {
      throw new Fault(PLAN_FAULTS.unsupportedAsset, { received: `${name}, a link that leads out of its asset, or to the whole of it` });
    }
    const found = lstatSync(file);
    if (found.isFile()) return [[name, file] as const];
    if (!found.isDirectory() || folders.includes(file)) {
      throw new Fault(PLAN_FAULTS.unsupportedAsset, { received: `${name}, which is neither a file nor a folder, or a link into itself` });
    }
    return filesIn(asset, name, [...folders, file]);
  });
}
