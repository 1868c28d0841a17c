import type { Plan } from './plan';

/** A plan with everything that is needed to apply it, verified. */
export interface Bundle {
  /** A private copy of the files: nobody changes them after they were verified. */
  readonly directory: string;
  readonly plan: Plan;
  /** Remove the copy. */
  readonly dispose: () => void;
}

/**
 * Read a bundle, and verify it before anything of its assembly is used: kinds, names and sizes of its files, the form of plan.json, the
 * digest over every file, and that plan.json says the same as the files. Throws DW3200 to DW3209.
 *
 * @param source folder, or .tgz
 * @param digest the one that was asked for; by default any, if the bundle is true to it
 */
export declare function readBundle(source: string, digest?: string): Promise<Bundle>;

/** What a bundle is made of. */
export interface BundleContent {
  readonly plan: Omit<Plan, 'digest'>;
  /** Files of the assembly, by path in the bundle. */
  readonly files: ReadonlyMap<string, BundleFile>;
}

export interface BundleFile {
  readonly content: Uint8Array;
  readonly executable: boolean;
}

/** Write a bundle as a folder and, when asked for, as .tgz: same content, same bytes. */
export declare function writeBundle(content: BundleContent, place: { readonly directory?: string; readonly archive?: string }): Promise<Plan>;
