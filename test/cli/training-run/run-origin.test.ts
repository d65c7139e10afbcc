import { localRankOf, rankOf, runOrigin, type Surroundings } from '../../../cli/training-run/run-origin.ts';

const command = { program: '/usr/bin/python3', args: ['-u', '/data/train_llama.py', '--lr', '1'] };
const nothing = { run: undefined, 'job-id': undefined };

function origin(surroundings: Partial<Surroundings> = {}, options: Parameters<typeof runOrigin>[0] = nothing) {
  return runOrigin(options, {
    env: {},
    workingFolder: '/home/user/llama-sft',
    hostname: 'node1',
    command,
    ...surroundings,
  });
}

test('a laptop tells only where it is', () => {
  expect(origin()).toEqual({ run: 'llama-sft', jobId: '', host: 'node1', namespace: '', pod: '' });
});

test.each([
  ['/', command, 'train_llama'],
  ['/workspace', command, 'train_llama'],
  ['/app', { program: './train.sh', args: [] }, 'train'],
  ['/app', { program: 'torchrun', args: ['--nproc-per-node=8', '-m', 'trainer'] }, 'torchrun'],
  ['/data/a\nb', command, 'default'],
])('in %s the run has the name of %j', (workingFolder, given, run) => {
  expect(origin({ workingFolder, command: given }).run).toBe(run);
});

test('options beat what the environment tells', () => {
  const env = { SLURM_JOB_ID: '77' };
  expect(origin({ env }, { run: 'exp1', 'job-id': '5' })).toMatchObject({ run: 'exp1', jobId: '5' });
});

test.each([
  [
    { run: 'a\nb', 'job-id': undefined },
    '--run must be at most 256 characters without control characters, got "a\\nb"',
  ],
  [{ run: undefined, 'job-id': 'x'.repeat(257) }, '--job-id must be at most 256 characters'],
])('%j is refused', (options, text) => {
  expect(() => origin({}, options)).toThrow(text);
});

test.each([
  [{ SLURM_JOB_ID: '77', PBS_JOBID: '5.pbs' }, '77'],
  [{ SLURM_JOB_ID: '', PBS_JOBID: '5.pbs' }, '5.pbs'],
  [{ LSB_JOBID: '9' }, '9'],
  [{ JOB_ID: '11' }, '11'],
  [{ JOB_ID: 'a\u0007' }, ''],
])('%j is job %s', (env, jobId) => {
  expect(origin({ env }).jobId).toBe(jobId);
});

test.each([
  ['llama-sft-7xk2p', 'llama-sft'],
  ['llama-sft-3-7xk2p', 'llama-sft'],
  ['llama-sft-worker-12', 'llama-sft'],
  ['llama-sft-master-0', 'llama-sft'],
  ['llama-sft-node-0-1-x8rtz', 'llama-sft'],
  ['llama-sft', 'llama-sft'],
  ['notebook-user', 'notebook-user'],
])('pod %s is of job %s', (pod, jobId) => {
  const env = { POD_NAME: pod, POD_NAMESPACE: 'ml' };
  expect(origin({ env })).toEqual({ run: 'llama-sft', jobId, host: 'node1', namespace: 'ml', pod });
});

test('in Kubernetes the host name is that of the pod, elsewhere it is no pod', () => {
  expect(origin({ env: { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'a-0' } }).pod).toBe('a-0');
  expect(origin({ env: { HOSTNAME: 'a-0' } }).pod).toBe('');
});

test('ranks are told by launchers, and only whole numbers are ranks', () => {
  expect([
    rankOf({}),
    rankOf({ RANK: '3', SLURM_PROCID: '1' }),
    rankOf({ SLURM_PROCID: '0' }),
    rankOf({ RANK: 'x' }),
  ]).toEqual([undefined, 3, 0, undefined]);
  expect([localRankOf({}), localRankOf({ LOCAL_RANK: '2' }), localRankOf({ SLURM_LOCALID: '1' })]).toEqual([
    undefined,
    2,
    1,
  ]);
});
