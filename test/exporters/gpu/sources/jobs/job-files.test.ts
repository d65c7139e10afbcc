import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createJobFiles } from '../../../../../exporters/gpu/sources/jobs/job-files.ts';
import { jobIdsOf } from '../../../../../exporters/gpu/sources/jobs/job-ids.ts';

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'job-files-'));
});

afterEach(() => rmSync(path, { recursive: true, force: true }));

const put = (name: string, content: string | Buffer) => writeFileSync(join(path, name), content);
const read = () => createJobFiles({ path }).read();

test('a file names the jobs of its GPU or instance', async () => {
  put('0', '123\n');
  put('1', '124\r\n  125  \n\n124\n');
  put('2.7', 'job.of.an array[3]');
  put('3', '');
  const { jobs, bad } = await read();
  expect(new Set(jobs)).toEqual(
    new Set([
      { gpuIndex: 0, jobId: '123' },
      { gpuIndex: 1, jobId: '124' },
      { gpuIndex: 1, jobId: '125' },
      { gpuIndex: 2, gpuInstanceId: 7, jobId: 'job.of.an array[3]' },
    ]),
  );
  expect(bad).toBe(0);
});

test.each(['GPU-1', '01', '1.', '1.2.3', '-1', '99999', '1.99999', '0x1', 'MIG-265a219d', '0~', ' 0'])(
  'a file named %j is counted, and the others are read',
  async (name) => {
    put('0', '123\n');
    put(name, '124\n');
    expect(await read()).toEqual({ jobs: [{ gpuIndex: 0, jobId: '123' }], bad: 1 });
  },
);

test('names that begin with a dot are passed over', async () => {
  put('.0.tmp', '124\n');
  put('.lock', '');
  expect(await read()).toEqual({ jobs: [], bad: 0 });
});

test('what is no plain file is counted, not followed and not waited for', async () => {
  put('0', '123\n');
  put('.outside', '124\n');
  mkdirSync(join(path, '1'));
  symlinkSync(join(path, '.outside'), join(path, '2'));
  symlinkSync('/nowhere', join(path, '3'));
  execFileSync('mkfifo', [join(path, '4')]);
  const server = createServer().listen(join(path, '5'));
  await new Promise((resolve) => server.once('listening', resolve));
  expect(await read()).toEqual({ jobs: [{ gpuIndex: 0, jobId: '123' }], bad: 5 });
  await new Promise((resolve) => server.close(resolve));
});

test('a file that is too large is counted', async () => {
  put('0', `${'1\n'.repeat(32_768)}`);
  put('1', `${'1\n'.repeat(32_768)}2`);
  expect(await read()).toEqual({ jobs: [{ gpuIndex: 0, jobId: '1' }], bad: 1 });
});

test.each([
  ['control characters', '12\x1b3'],
  ['a NUL', '12\0'],
  ['bytes that are no UTF-8', Buffer.from([0x31, 0xff])],
  ['characters that turn text around', '12\u{202E}3'],
  ['more than 128 characters', 'x'.repeat(129)],
])('a line with %s costs itself only', async (_what, line) => {
  put('0', Buffer.concat([Buffer.from('123\n'), Buffer.from(line), Buffer.from(`\n${'y'.repeat(128)}\n`)]));
  const { jobs, bad } = await read();
  expect(jobs.map(({ jobId }) => jobId)).toEqual(['123', 'y'.repeat(128)]);
  expect(bad).toBe(1);
});

test('jobs beyond 64 of one GPU are counted', async () => {
  put('0', Array.from({ length: 70 }, (_, job) => `${job}`).join('\n'));
  const { jobs, bad } = await read();
  expect(jobs.map(({ jobId }) => jobId)).toEqual(Array.from({ length: 64 }, (_, job) => `${job}`));
  expect(bad).toBe(6);
});

test('files beyond the bound are not opened', async () => {
  for (let index = 0; index < 1030; index += 1) put(`${index}`, 'x\n');
  const { jobs, bad } = await read();
  expect(jobs.length).toBe(1024);
  expect(bad).toBe(1);
});

test('a file that is replaced again and again is always of one version', async () => {
  const versions = ['1\n2\n3\n', '4\n5\n6\n'];
  const files = createJobFiles({ path });
  const seen = new Set<string>();
  let isDone = false;
  const writer = (async () => {
    for (let round = 0; !isDone; round += 1) {
      put('.0', versions[round % 2] ?? '');
      renameSync(join(path, '.0'), join(path, '0'));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 0; round < 300; round += 1) {
    const { jobs, bad } = await files.read();
    seen.add(jobs.map(({ jobId }) => jobId).join());
    expect(bad).toBe(0);
  }
  isDone = true;
  await writer;
  expect([...seen].sort()).toEqual(['1,2,3', '4,5,6']);
});

test('a folder that is absent is a failure with the option and the remedy', async () => {
  const absent = join(path, 'absent');
  await expect(createJobFiles({ path: absent }).read()).rejects.toThrow(
    /^--jobs\.mapping-path: cannot read \S+\/absent: .*ENOENT.*; create the folder and let the exporter read it, or leave/,
  );
  mkdirSync(absent);
  expect(await createJobFiles({ path: absent }).read()).toEqual({ jobs: [], bad: 0 });
});

test('whatever a file holds, ids are short, plain and not doubled', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.array(fc.string({ unit: 'binary' })), (bytes, lines) => {
      const { jobIds } = jobIdsOf(Buffer.concat([bytes, Buffer.from(lines.join('\n'))]));
      expect(new Set(jobIds).size).toBe(jobIds.length);
      expect(jobIds.length).toBeLessThanOrEqual(64);
      expect(jobIds.every((id) => id.length > 0 && id.length <= 128 && !/\p{Cc}/u.test(id))).toBe(true);
    }),
  );
});
