import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupingLabels, syntaxErrors, vectorSelectors } from '../../../../../cli/rules/promql/syntax.ts';
import { createJobFiles } from '../../../../../exporters/gpu/sources/jobs/job-files.ts';
import { packageRoot } from '../../../../../kit/package-root.ts';
import { catalogue } from '../../../../../metrics/index.ts';
import { targetLabels } from '../../../../../metrics/labels.ts';

const guide = readFileSync(join(packageRoot, 'docs', 'guides', 'slurm.md'), 'utf8');
const [prolog = '', epilog = ''] = blocks('bash');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slurm-guide-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function blocks(language: string): readonly string[] {
  return [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text);
}

interface Job {
  readonly id: string;
  readonly gpus?: string;
  readonly at?: string;
}

/** The exit status and what was written to standard error. */
function run(script: string, { id, gpus, at = folder }: Job): Promise<readonly [number | null, string]> {
  const variables = { GPU_JOBS_FOLDER: at, SLURM_JOB_ID: id, ...(gpus === undefined ? {} : { SLURM_JOB_GPUS: gpus }) };
  const child = spawn('bash', ['-c', script], { env: variables, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  return new Promise((resolve) => child.once('close', (status) => resolve([status, complaints])));
}

async function mapped(): Promise<readonly string[]> {
  const { jobs, bad } = await createJobFiles({ path: folder }).read();
  expect(bad).toBe(0);
  return jobs.map(({ gpuIndex, jobId }) => `${gpuIndex}: ${jobId}`).sort();
}

test('prolog and epilog say from beginning to end which job has which GPU', async () => {
  expect(await run(prolog, { id: '123', gpus: '0,3' })).toEqual([0, '']);
  expect(await mapped()).toEqual(['0: 123', '3: 123']);
  expect(await run(prolog, { id: '12', gpus: '3' })).toEqual([0, '']);
  expect(await mapped()).toEqual(['0: 123', '3: 12', '3: 123']);
  expect(await run(epilog, { id: '12' })).toEqual([0, '']);
  expect(await mapped()).toEqual(['0: 123', '3: 123']);
  expect(await run(epilog, { id: '123', gpus: '0,3' })).toEqual([0, '']);
  expect(readdirSync(folder)).toEqual(['.lock']);
});

test('a prolog that runs twice names the job once, and others may read the file', async () => {
  await run(prolog, { id: '123', gpus: '0' });
  await run(prolog, { id: '123', gpus: '0' });
  expect(readFileSync(join(folder, '0'), 'utf8')).toBe('123\n');
  expect(statSync(join(folder, '0')).mode & 0o777).toBe(0o644);
});

test('jobs that start and end at the same time do not lose each other', async () => {
  const ids = Array.from({ length: 8 }, (_, index) => `${100 + index}`);
  await run(prolog, { id: '99', gpus: '1' });
  await Promise.all([...ids.map((id) => run(prolog, { id, gpus: '0,1' })), run(epilog, { id: '99' })]);
  expect(await mapped()).toEqual([...ids.map((id) => `0: ${id}`), ...ids.map((id) => `1: ${id}`)]);
  await Promise.all(ids.map((id) => run(epilog, { id })));
  expect(await mapped()).toEqual([]);
});

test.each([
  ['a job without GPUs', { id: '123' }],
  ['a job with no GPU in its list', { id: '123', gpus: '' }],
  ['GPUs that are no numbers', { id: '123', gpus: 'MIG-265a219d,../x' }],
])('%s is mapped to nothing', async (_what, job) => {
  expect(await run(prolog, job)).toEqual([0, '']);
  expect(await mapped()).toEqual([]);
  expect(await run(epilog, job)).toEqual([0, '']);
});

test('a folder that is missing fails neither prolog nor epilog', async () => {
  const at = join(folder, 'missing');
  expect((await run(prolog, { id: '1', gpus: '0', at }))[0]).toBe(0);
  expect((await run(epilog, { id: '1', at }))[0]).toBe(0);
});

test('files of others in the folder are left alone', async () => {
  writeFileSync(join(folder, 'README'), '123\n');
  await run(prolog, { id: '123', gpus: '0' });
  await run(epilog, { id: '123' });
  expect(readFileSync(join(folder, 'README'), 'utf8')).toBe('123\n');
});

test('every query of the guide reads series and labels that exist', () => {
  const queries = blocks('promql');
  expect(queries.length).toBe(5);
  for (const query of queries) {
    const selectors = vectorSelectors(query);
    const metrics = selectors.map(({ name = '' }) => catalogue.get(name)?.labels ?? []);
    const known = new Set<string>([...metrics.flat(), ...targetLabels]);
    expect(syntaxErrors(query)).toEqual([]);
    expect(selectors.filter(({ name = '' }) => !catalogue.has(name))).toEqual([]);
    expect(
      [...groupingLabels(query), ...selectors.flatMap(({ labels }) => labels)].filter((l) => !known.has(l)),
    ).toEqual([]);
  }
});
