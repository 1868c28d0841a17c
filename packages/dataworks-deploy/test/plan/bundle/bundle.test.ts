import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create, Header } from 'tar';
import { Fault } from '../../../src/fault';
import { isExecutable } from '../../../src/plan/assembly/assembly-assets';
import { packBundle, readBundle, writeBundle } from '../../../src/plan/bundle/bundle';
import { filesBelow, LIMITS } from '../../../src/plan/bundle/bundle-files';
import { leafHash, rootOf } from '../../../src/plan/digest';
import type { Plan, ResourceChange } from '../../../src/plan/plan';
import { serialise, undigested } from '../../../src/plan/plan-format';
import { risksOf } from '../../../src/plan/risks/risks';
import { assemblyWith, deployedWith, draftOf } from '../../support/plans';

const folder = mkdtempSync(join(tmpdir(), 'dataworks-bundle-test-'));
let valid: string;
let plan: Plan;
let count = 0;

const TEMPLATE = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };

beforeAll(async () => {
  const code = {
    code: { source: { path: 'asset.code', packaging: 'zip' }, destinations: { here: { bucketName: 'assets', objectKey: 'code.zip' } } },
  };
  const assembly = assemblyWith(
    { lake: { template: TEMPLATE, files: code } },
    { 'asset.code/index.js': 'code', 'asset.code/run.sh': '#!' },
  );
  chmodSync(join(assembly, 'asset.code/run.sh'), 0o700);
  const { plan: draft, sources } = await draftOf(assembly, deployedWith({}));
  valid = join(folder, 'valid');
  mkdirSync(valid);
  plan = writeBundle(valid, draft, sources);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fresh = () => join(folder, String((count += 1)));

function tampered(change: (directory: string) => void): string {
  const directory = fresh();
  cpSync(valid, directory, { recursive: true });
  change(directory);
  return directory;
}

async function codeOf(source: string, digest?: string): Promise<string> {
  const before = leftovers();
  try {
    const bundle = await readBundle(source, digest);
    bundle.dispose();
    return 'valid';
  } catch (error) {
    expect(leftovers()).toEqual(before); // nothing is left of a bundle that was refused
    if (!(error instanceof Fault)) throw error;
    expect(error.exitCode).toBe(error.code === 'DW3200' ? 1 : 4);
    return error.code;
  }
}

/** A folder for temporary files of its own: others come and go in that of the machine. */
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
jest.spyOn(jest.requireActual<{ tmpdir: () => string }>('node:os'), 'tmpdir').mockReturnValue(temporary);
const leftovers = () => readdirSync(temporary);

const write = (path: string, text: string | Uint8Array) => (directory: string) => {
  writeFileSync(join(directory, path), text);
};
/** plan.json with a change, and the digest left as it was. */
const planned = (change: (plan: Record<string, unknown>) => void) => (directory: string) => {
  const changed = structuredClone(plan) as unknown as Record<string, unknown>;
  change(changed);
  writeFileSync(join(directory, 'plan.json'), serialise(changed));
};

test('a bundle that was written is read, as a folder and as an archive', async () => {
  const packed = `${fresh()}.tgz`;
  await packBundle(valid, packed);
  for (const source of [valid, packed]) {
    const bundle = await readBundle(source, plan.digest);
    expect(bundle.plan).toEqual(plan);
    expect(bundle.directory).not.toBe(valid);
    expect(readFileSync(join(bundle.directory, 'assembly/asset.code/index.js'), 'utf8')).toBe('code');
    bundle.dispose();
  }
});

test('the same bundle has the same bytes, also packed, wherever and whenever it is written', async () => {
  const copy = tampered(() => {});
  await packBundle(valid, `${copy}-1.tgz`);
  await packBundle(copy, `${copy}-2.tgz`);
  expect(readFileSync(`${copy}-1.tgz`).equals(readFileSync(`${copy}-2.tgz`))).toBe(true);
});

test('modes are made the same everywhere, and whether a file can be executed is kept', async () => {
  const bundle = await readBundle(
    tampered((directory) => {
      chmodSync(join(directory, 'plan.json'), 0o600);
    }),
  );
  expect(bundle.plan.digest).toBe(plan.digest);
  bundle.dispose();
});

type Malformed = Readonly<Record<string, [code: string, change: (directory: string) => void]>>;

const FILES: Malformed = {
  'no plan.json': [
    'DW3200',
    (directory) => {
      rmSync(join(directory, 'plan.json'));
    },
  ],
  'a folder in the place of plan.json': [
    'DW3200',
    (directory) => {
      rmSync(join(directory, 'plan.json'));
      mkdirSync(join(directory, 'plan.json'));
      writeFileSync(join(directory, 'plan.json/more'), '');
    },
  ],
  'a folder in the place of a template': [
    'DW3207',
    (directory) => {
      rmSync(join(directory, 'assembly/lake.template.json'));
      mkdirSync(join(directory, 'assembly/lake.template.json'));
      writeFileSync(join(directory, 'assembly/lake.template.json/more'), '');
    },
  ],
  'an edited template': ['DW3207', write('assembly/lake.template.json', '{"Resources":{}}')],
  'an edited asset': ['DW3207', write('assembly/asset.code/index.js', 'other')],
  'an edited asset manifest': ['DW3207', write('assembly/lake.assets.json', '{}')],
  'an edited assembly manifest': ['DW3207', write('assembly/manifest.json', '{}')],
  'an edited summary': ['DW3207', write('summary.json', '{}')],
  'one more file': ['DW3207', write('assembly/more.json', '{}')],
  'one more file at the top': ['DW3207', write('more', '')],
  'a missing template': [
    'DW3207',
    (directory) => {
      rmSync(join(directory, 'assembly/lake.template.json'));
    },
  ],
  'a missing asset': [
    'DW3207',
    (directory) => {
      rmSync(join(directory, 'assembly/asset.code/index.js'));
    },
  ],
  'a missing summary': [
    'DW3207',
    (directory) => {
      rmSync(join(directory, 'summary.json'));
    },
  ],
  'a file that can be executed now': [
    'DW3207',
    (directory) => {
      chmodSync(join(directory, 'assembly/asset.code/index.js'), 0o755);
    },
  ],
  'a link to a file': [
    'DW3202',
    (directory) => {
      symlinkSync('/etc/passwd', join(directory, 'assembly/link'));
    },
  ],
  'a link to a folder': [
    'DW3202',
    (directory) => {
      symlinkSync('..', join(directory, 'assembly/link'));
    },
  ],
  'a link in the place of plan.json': [
    'DW3202',
    (directory) => {
      rmSync(join(directory, 'plan.json'));
      symlinkSync(join(valid, 'plan.json'), join(directory, 'plan.json'));
    },
  ],
  'a name that is no UTF-8': [
    'DW3202',
    (directory) => {
      writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff])]), '');
    },
  ],
  'a name with a backslash': ['DW3202', write('assembly/a\\b', '')],
  'a name with a line break': ['DW3202', write('assembly/a\nb', '')],
};

const PLANS: Malformed = {
  'an empty plan.json': ['DW3204', write('plan.json', '')],
  'plan.json cut off': [
    'DW3204',
    (directory) => {
      write('plan.json', readFileSync(join(valid, 'plan.json')).subarray(0, 300))(directory);
    },
  ],
  'bytes that are no UTF-8': ['DW3204', write('plan.json', Buffer.from([0x7b, 0xff, 0x7d]))],
  'a byte order mark': [
    'DW3204',
    (directory) => {
      write('plan.json', `\u{feff}${readFileSync(join(valid, 'plan.json'), 'utf8')}`)(directory);
    },
  ],
  null: ['DW3205', write('plan.json', 'null\n')],
  'a list': ['DW3205', write('plan.json', '[]\n')],
  'nesting without end': ['DW3204', write('plan.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  'no format version': ['DW3205', planned((one) => delete one.formatVersion)],
  'a newer format version': ['DW3205', planned((one) => (one.formatVersion = 2))],
  'a format version as text': ['DW3205', planned((one) => (one.formatVersion = '1'))],
  'no digest': ['DW3206', planned((one) => delete one.digest)],
  'a digest in upper case': ['DW3206', planned((one) => (one.digest = plan.digest.toUpperCase()))],
  'a short digest': ['DW3206', planned((one) => (one.digest = 'abc'))],
  'no stacks': ['DW3206', planned((one) => delete one.stacks)],
  'an unknown key': ['DW3206', planned((one) => (one.more = true))],
  'a prototype': ['DW3206', write('plan.json', '{"formatVersion":1,"__proto__":{"digest":"x"}}')],
  'an account that is a number': ['DW3206', planned((one) => (one.account = 111122223333))],
  'a commit that is a branch': ['DW3206', planned((one) => (one.commit = 'main'))],
  'an environment with a slash': ['DW3206', planned((one) => (one.environment = '../prod'))],
  'a template outside of the bundle': [
    'DW3206',
    planned((one) => {
      stackOf(one, { template: { file: '../../etc/passwd', hash: plan.digest } });
    }),
  ],
  'a template beside the assembly': [
    'DW3206',
    planned((one) => {
      stackOf(one, { template: { file: 'plan.json', hash: plan.digest } });
    }),
  ],
  'an asset manifest with an absolute path': [
    'DW3206',
    planned((one) => {
      stackOf(one, { assetManifest: '/etc/passwd' });
    }),
  ],
  'an asset in the folder above': [
    'DW3206',
    planned((one) => {
      stackOf(one, { assets: [{ ...plan.stacks[0].assets[0], path: 'assembly/../x' }] });
    }),
  ],
  'an unknown action': [
    'DW3206',
    planned((one) => {
      stackOf(one, { changes: [{ ...plan.stacks[0].changes[0], action: 'import' }] });
    }),
  ],
  'an unknown capability': [
    'DW3206',
    planned((one) => {
      stackOf(one, { capabilities: ['CAPABILITY_ALL'] });
    }),
  ],
  'a key twice': [
    'DW3206',
    (directory) => {
      write(
        'plan.json',
        readFileSync(join(valid, 'plan.json'), 'utf8').replace('"dirty": false', '"dirty": true,\n  "dirty": false'),
      )(directory);
    },
  ],
  'other white space': ['DW3206', write('plan.json', '')],
  'another digest': ['DW3207', planned((one) => (one.digest = '0'.repeat(64)))],
  'another commit': ['DW3207', planned((one) => (one.commit = 'b'.repeat(40)))],
  'another account': ['DW3207', planned((one) => (one.account = '999999999999'))],
  'no risks any more': ['DW3207', planned((one) => (one.dirty = true))],
  'a change left out': [
    'DW3207',
    planned((one) => {
      stackOf(one, { changes: [] });
    }),
  ],
  'a role put in': [
    'DW3207',
    planned((one) => {
      stackOf(one, { roleArn: 'arn:aws:iam::1:role/admin' });
    }),
  ],
};
PLANS['other white space'][1] = (directory) => {
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan));
};

function stackOf(one: Record<string, unknown>, changes: object): void {
  one.stacks = [{ ...plan.stacks[0], ...changes }];
}

describe('a bundle is refused with', () => {
  test.each(Object.entries({ ...FILES, ...PLANS }))('%s', async (_, [code, change]) => {
    expect(await codeOf(tampered(change))).toBe(code);
  });

  test('another digest than the one that was asked for', async () => {
    expect(await codeOf(valid, 'f'.repeat(64))).toBe('DW3209');
  });

  test('more files than any plan has, or a larger plan.json', async () => {
    const { files, planBytes } = LIMITS;
    Object.assign(LIMITS, { files: 3, planBytes: 10 });
    try {
      expect(await codeOf(valid)).toBe('DW3203');
      Object.assign(LIMITS, { files });
      expect(await codeOf(valid)).toBe('DW3203');
    } finally {
      Object.assign(LIMITS, { files, planBytes });
    }
  });

  test.each<[string, (file: string) => void]>([
    ['nothing there', () => {}],
    [
      'an empty folder',
      (file) => {
        mkdirSync(file);
      },
    ],
  ])('%s', async (_, make) => {
    const file = fresh();
    make(file);
    expect(await codeOf(file)).toBe('DW3200');
  });
});

/** An archive of entries that no tool would write. */
function archive(
  ...entries: Array<{ path: string; type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice'; text?: string }>
): string {
  const blocks = entries.map(({ path, type = 'File', text = '' }) => {
    const header = new Header({
      path,
      type,
      size: type === 'File' ? text.length : 0,
      mode: 0o644,
      linkpath: type.includes('Link') ? '/etc/passwd' : undefined,
    });
    header.encode();
    const body = Buffer.alloc(type === 'File' ? Math.ceil(text.length / 512) * 512 : 0);
    body.write(text);
    return Buffer.concat([header.block!, body]);
  });
  const file = `${fresh()}.tgz`;
  writeFileSync(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return file;
}

test('a file that was changed is named', async () => {
  const changed = readBundle(tampered(write('assembly/lake.template.json', '{}')));
  await expect(changed).rejects.toMatchObject({
    code: 'DW3207',
    received: expect.stringContaining('assembly/lake.template.json is missing or changed') as string,
  });
});

describe('an archive is refused with', () => {
  test.each<[string, string, Parameters<typeof archive>]>([
    ['a path that leads out', 'DW3202', [{ path: '../evil', text: 'x' }]],
    ['a path that leads out from within', 'DW3202', [{ path: 'assembly/../../evil', text: 'x' }]],
    ['an absolute path', 'DW3202', [{ path: '/tmp/evil', text: 'x' }]],
    ['a path with a dot', 'DW3202', [{ path: './plan.json', text: 'x' }]],
    ['a symbolic link', 'DW3202', [{ path: 'link', type: 'SymbolicLink' }]],
    ['a hard link', 'DW3202', [{ path: 'link', type: 'Link' }]],
    ['a device', 'DW3202', [{ path: 'device', type: 'CharacterDevice' }]],
    ['a folder', 'DW3202', [{ path: 'assembly/', type: 'Directory' }]],
    [
      'a file twice',
      'DW3202',
      [
        { path: 'plan.json', text: 'x' },
        { path: 'plan.json', text: 'y' },
      ],
    ],
    [
      'a file that is a folder too',
      'DW3201',
      [
        { path: 'a', text: 'x' },
        { path: 'a/b', text: 'y' },
      ],
    ],
    ['nothing', 'DW3201', []],
  ])('%s', async (_, code, entries) => {
    expect(await codeOf(archive(...entries))).toBe(code);
  });

  test.each<[string, () => Buffer]>([
    ['text', () => Buffer.from('no archive')],
    ['no bytes', () => Buffer.alloc(0)],
    ['gzip of no archive', () => gzipSync(Buffer.alloc(2000, 'x'))],
  ])('%s instead', async (_, bytes) => {
    const file = `${fresh()}.tgz`;
    writeFileSync(file, bytes());
    expect(await codeOf(file)).toBe('DW3201');
  });

  test('more bytes than a plan has, before they are all written', async () => {
    const { bytes } = LIMITS;
    Object.assign(LIMITS, { bytes: 10_000 });
    try {
      expect(await codeOf(archive({ path: 'bomb', text: 'x'.repeat(1_000_000) }))).toBe('DW3203');
    } finally {
      Object.assign(LIMITS, { bytes });
    }
  });

  test('any single byte changed or cut off, wherever it stands', async () => {
    const file = `${fresh()}.tgz`;
    await create({ file, cwd: valid, gzip: true, portable: true }, ['plan.json', 'summary.json', 'assembly/manifest.json']);
    const whole = readFileSync(file);
    const spoilt = `${fresh()}.tgz`;
    for (let at = 0; at < whole.length; at += 331) {
      writeFileSync(
        spoilt,
        at % 2 === 0 ? whole.subarray(0, at) : Buffer.from(whole.map((byte, index) => (index === at ? 255 - byte : byte))),
      );
      expect(await codeOf(spoilt)).toMatch(/^DW32/);
    }
  });
});

describe('a bundle whose digest is right, made by hand, is refused when it', () => {
  const rewritten = async (
    change: (draft: Record<string, unknown>) => void,
    files: Array<{ path: string; text: string }> = [],
  ): Promise<string> => {
    const directory = fresh();
    mkdirSync(directory);
    const draft = structuredClone(plan) as unknown as Record<string, unknown>;
    delete draft.digest;
    change(draft);
    const sources = readdirSync(valid, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath !== valid)
      .map((entry) => ({ file: join(entry.parentPath, entry.name), path: join(entry.parentPath, entry.name).slice(valid.length + 1) }));
    writeBundle(directory, draft as unknown as Plan, [...sources, ...files]);
    return codeOf(directory);
  };

  test('nothing is wrong with it: it is valid', async () => {
    expect(await rewritten(() => {})).toBe('valid');
  });

  test.each<[string, (draft: Record<string, unknown>) => void, Array<{ path: string; text: string }>?]>([
    [
      'gives a stack another role than the assembly',
      (draft) => {
        stackOf(draft, { roleArn: 'arn:aws:iam::1:role/admin' });
      },
    ],
    ...Object.entries({
      deployRoleArn: 'arn:aws:iam::1:role/admin',
      lookupRoleArn: 'arn:aws:iam::1:role/reader',
      capabilities: ['CAPABILITY_IAM'],
      dependsOn: ['network'],
      terminationProtection: true,
      assetManifest: 'assembly/other.assets.json',
    }).map(([key, value]): [string, (draft: Record<string, unknown>) => void] => [
      `gives a stack another ${key}`,
      (draft) => {
        stackOf(draft, { [key]: value });
      },
    ]),
    [
      'gives a stack other parameters',
      (draft) => {
        stackOf(draft, { parameters: { Public: 'yes' } });
      },
    ],
    [
      'gives a stack other tags',
      (draft) => {
        stackOf(draft, { tags: { owner: 'nobody' } });
      },
    ],
    [
      'publishes an asset elsewhere',
      (draft) => {
        stackOf(draft, { assets: plan.stacks[0].assets.map((one) => ({ ...one, destinations: [] })) });
      },
    ],
    [
      'says that a bucket holds no data',
      (draft) => {
        stackOf(draft, { changes: plan.stacks[0].changes.map((one) => ({ ...one, stateful: false })) });
      },
    ],
    [
      'deletes, and says that it adds',
      (draft) => {
        stackOf(draft, { changes: plan.stacks[0].changes.map((one) => ({ ...one, deletes: true })) });
      },
    ],
    [
      'keeps a risk to itself',
      (draft) => {
        stackOf(draft, { changes: plan.stacks[0].changes.map((one) => ({ ...one, broadening: 'allows everything' })) });
      },
    ],
    ['leaves a stack out', (draft) => (draft.stacks = [])],
    ['holds a file that belongs to nothing', () => {}, [{ path: 'assembly/more.sh', text: 'x' }]],
    ['has another template under the old hash', () => {}, [{ path: 'assembly/lake.template.json', text: '{"Resources":{}}' }]],
    ['has an assembly for another account', (draft) => (draft.account = '999999999999')],
  ])('%s', async (_, change, ...[files]) => {
    expect(await rewritten(change, files)).toBe('DW3208');
  });

  test.each<[string, Partial<ResourceChange>, string]>([
    ['replaces a bucket by what holds no data: valid', { replacement: 'always' }, 'valid'],
    ['does that without a replacement', { replacement: 'never' }, 'DW3208'],
    ['adds, and replaces', { action: 'add', type: 'AWS::S3::Bucket', properties: [], replacement: 'always' }, 'DW3208'],
  ])('%s', async (_, changed, code) => {
    const [stack] = plan.stacks;
    const was: ResourceChange = { ...stack.changes[0], action: 'modify', type: 'AWS::SNS::Topic', stateful: true, properties: ['/Type'] };
    const stacks = [{ ...stack, changes: [{ ...was, ...changed }] }];
    const templates = new Map([[stack.template.file, TEMPLATE]]);
    expect(await rewritten((draft) => Object.assign(draft, { stacks, risks: risksOf({ ...plan, stacks }, templates) }))).toBe(code);
  });

  test('has a manifest that is nested without end', async () => {
    const path = 'assembly/manifest.json';
    const more = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    expect(await rewritten(() => {}, [{ path, text: readFileSync(join(valid, path), 'utf8').replace('{', `{"more":${more},`) }])).toBe(
      'DW3208',
    );
  });

  test('runs a command where it publishes a file, with the same files and the same plan', async () => {
    const path = 'assembly/lake.assets.json';
    const manifest = JSON.parse(readFileSync(join(valid, path), 'utf8')) as { files: { code: { source: object } } };
    Object.assign(manifest.files.code.source, { executable: ['touch', join(temporary, 'done')] });
    expect(await rewritten(() => {}, [{ path, text: JSON.stringify(manifest) }])).toBe('DW3208');
  });

  test('has the summary of another plan', async () => {
    const directory = fresh();
    cpSync(valid, directory, { recursive: true });
    writeFileSync(
      join(directory, 'summary.json'),
      readFileSync(join(directory, 'summary.json'), 'utf8').replace('"changes": true', '"changes": false'),
    );
    const leaves = filesBelow(directory).map((path) => {
      const file = join(directory, path);
      const content = path === 'plan.json' ? undigested(plan) : readFileSync(file);
      return [path, leafHash({ path, executable: isExecutable(file), content })] as const;
    });
    const digest = rootOf(new Map(leaves));
    expect(digest).not.toBe(plan.digest);
    writeFileSync(join(directory, 'plan.json'), serialise({ ...plan, digest }));
    expect(await codeOf(directory)).toBe('DW3208');
  });
});
