import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from '../../../../../exporters/cmdb/observation.ts';
import { bmcsOf, observe, password, type RedfishSetUp, startRedfish, user } from '../../../../support/redfish.ts';
import { readTlsFile, tlsFile } from '../../../../support/tls-files.ts';

/** The controllers are fakes: see cli/simulate/redfish/fake-redfish.ts. */
let setUp: RedfishSetUp | undefined;
let time = 0;
const clock = { now: () => 1_795_000_000 + time, monotonic: () => time };

beforeEach(() => {
  time = 0;
});

afterEach(async () => {
  await setUp?.stop();
  setUp = undefined;
});

async function start(...args: Parameters<typeof startRedfish>): Promise<RedfishSetUp> {
  setUp = await startRedfish(...args);
  return setUp;
}

/** With a second controller that is well, so that the look as a whole succeeds. */
async function reasonOf(source: RedfishSetUp['source']): Promise<string | undefined> {
  const seen: Pick<Observation, 'problems'> = await observe(source).catch((error: Error) => ({
    problems: [{ subject: '', reason: error.message }],
  }));
  return seen.problems[0]?.reason;
}

describe.each(['session', 'basic'])('a refused password with auth: %s', (auth) => {
  test('is tried again only after growing pauses', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']), { clock, config: { auth } });
    const { faults, seen } = fake.bmc('dgx');
    faults.add('unauthorized');
    for (const [pause, tries] of [
      [0, 1],
      [59, 1],
      [1, 2],
      [119, 2],
      [1, 3],
      [239, 3],
      [1, 4],
    ] as const) {
      time += pause;
      expect(await reasonOf(source)).toMatch(
        /refuses the user and password .* tried again in \d+ s, or as soon as the files change/,
      );
      expect(seen.wrongPasswords).toBe(tries);
    }
    faults.clear();
    time += 479;
    expect(await reasonOf(source)).toMatch(/tried again in 1 s/);
    time += 1;
    expect(await reasonOf(source)).toBeUndefined();
  });

  test('is tried at once when the file has another', async () => {
    const { source, fake, folder, logged } = await start(bmcsOf(['dgx']), { clock, config: { auth } });
    writeFileSync(join(folder, 'password'), 'wrong-password-1\n');
    const reason = await reasonOf(source);
    expect(reason).toContain(join(folder, 'password'));
    expect(reason).not.toContain('wrong-password-1');
    writeFileSync(join(folder, 'password'), password);
    expect(await reasonOf(source)).toBeUndefined();
    expect(fake.bmc('dgx').seen.wrongPasswords).toBe(1);
    expect(logged()).not.toContain('wrong-password-1');
    expect(logged()).not.toContain(Buffer.from(`${user}:${password}`).toString('base64'));
  });
});

test('a password file that is gone names the file', async () => {
  const { source, folder } = await start(bmcsOf(['dgx']));
  writeFileSync(join(folder, 'password'), 'two\nlines\n');
  expect(await reasonOf(source)).toMatch(/password must hold one line of 1 to 1024 characters/);
});

describe('certificates', () => {
  const tls = { key: readTlsFile('server.key'), cert: readTlsFile('server.pem') };
  const fingerprint = new X509Certificate(tls.cert).fingerprint256;
  const rotated = new X509Certificate(readTlsFile('rotated.pem')).fingerprint256;

  test('a self-signed one is not believed by itself', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']), { tls });
    expect(await reasonOf(source)).toMatch(
      /certificate cannot be trusted.*give the authority that signed it, or the SHA-256/,
    );
    expect(source.hardware.status('node-dgx')?.failures).toEqual({ certificate: 1 });
    expect(fake.bmc('dgx').seen.requests).toBe(0);
  });

  test.each([
    ['the authority', { ca_file: tlsFile('ca.pem') }],
    ['its fingerprint', { fingerprint }],
    ['insecure', { insecure: true }],
  ])('%s is enough', async (_name, each) => {
    const { source } = await start(bmcsOf(['dgx']), { tls, each });
    expect(await reasonOf(source)).toBeUndefined();
  });

  test('one that is not the pinned one gets no request, so no password', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']), { tls, each: { fingerprint: rotated } });
    expect(await reasonOf(source)).toMatch(/certificate has the SHA-256 [0-9a-f]{64}, not the one that is configured/);
    expect(fake.bmc('dgx').seen.requests).toBe(0);
  });
});
