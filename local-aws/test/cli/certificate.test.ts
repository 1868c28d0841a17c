import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { script, temporaryDirectory } from './fakes';
import { ensureCertificate } from '../../cli/certificate';

const directory = temporaryDirectory();
/** A Python whose `trustme` writes the names of its files into them. */
const python = () =>
  script(join(directory(), 'python'), 'cd "$5" && for file in server.pem server.key client.pem; do echo "$file" > "$file"; done');

test('the chain that the server shows ends with the authority that clients trust', async () => {
  const { chain, key, authority } = await ensureCertificate(python(), join(directory(), 'tls'));
  expect(readFileSync(chain, 'utf8')).toBe('server.pem\nclient.pem\n');
  expect(readFileSync(key, 'utf8')).toBe('server.key\n');
  expect(readFileSync(authority, 'utf8')).toBe('client.pem\n');
});

test('nobody else may read the key', async () => {
  await ensureCertificate(python(), join(directory(), 'tls'));
  expect(statSync(join(directory(), 'tls')).mode.toString(8)).toMatch(/700$/);
});

test('it is made once: servers of one home keep their certificate', async () => {
  const tls = join(directory(), 'tls');
  const first = await ensureCertificate(python(), tls);
  await expect(ensureCertificate('/no/such/python', tls)).resolves.toEqual(first);
});

test('one that cannot be made is an error, and leaves nothing that looks whole', async () => {
  const tls = join(directory(), 'tls');
  const broken = script(join(directory(), 'python'), 'echo "No module named trustme" >&2; exit 1');
  await expect(ensureCertificate(broken, tls)).rejects.toThrow(/^DW6012: .*No module named trustme/s);
  expect(existsSync(tls)).toBe(false);
});
