import fc from 'fast-check';
import { trainingOptions } from '../../../../../exporters/training/options.ts';
import {
  checkpointOfFolder,
  stepOfLightning,
  stepOfTracker,
} from '../../../../../exporters/training/sources/files/checkpoint-names.ts';
import { writerOfEventFile } from '../../../../../exporters/training/sources/files/event-file-name.ts';
import { createFileKinds } from '../../../../../exporters/training/sources/files/file-kind.ts';
import {
  checkJobIdPattern,
  identityOfRun,
  jobIdOfPath,
  podLogOf,
} from '../../../../../exporters/training/sources/files/run-identity.ts';
import { homeOfEnvironment } from '../../../../../exporters/training/sources/files/writer-environment.ts';
import { ConfigError } from '../../../../../kit/errors.ts';

describe('kinds of files', () => {
  const kindOf = createFileKinds(['*.log', '*.out', 'log.txt']);

  test.each([
    ['events.out.tfevents.1700000000.host.1.0', 'event_files'],
    ['events.out.tfevents', 'event_files'],
    ['events.out.tfevents.1700000000.host.profile-empty', undefined],
    ['trainer.global_rank_12.20260101-ab12.jsonl', 'rank_logs'],
    ['metrics.jsonl', undefined],
    ['trainer_state.json', 'trainer_state'],
    ['train.log', 'logs'],
    ['slurm-1.out', 'logs'],
    ['log.txt', 'logs'],
    ['other.txt', undefined],
    ['.log', 'logs'],
    ['tfevents.log', 'event_files'],
  ])('%s is %s', (name, kind) => expect(kindOf(name)).toBe(kind));

  test('without names there are no logs', () => expect(createFileKinds([])('train.log')).toBeUndefined());
});

describe('names of event files', () => {
  test.each([
    ['events.out.tfevents.1700000000.node7.1234.0', 1700000000, 'node7', 1234],
    ['events.out.tfevents.1700000000.node7.example.org.1234.0.v2', 1700000000, 'node7.example.org', 1234],
    ['events.out.tfevents.1700000000.10.0.0.5.1234.0', 1700000000, '10.0.0.5', 1234],
    ['events.out.tfevents.1700000000.node7.1234.0.my-suffix', 1700000000, 'node7', 1234],
    ['events.out.tfevents.1700000000.node7.1234.0_rank3', 1700000000, 'node7', 1234],
    ['events.out.tfevents.1700000000.node7', 1700000000, 'node7', undefined],
  ])('%s', (name, startedAtSeconds, host, pid) =>
    expect(writerOfEventFile(name)).toEqual({ startedAtSeconds, host, pid }),
  );

  test.each(['events.out.tfevents', 'tfevents.x.y', 'train.log'])('%s tells nothing', (name) =>
    expect(writerOfEventFile(name)).toBeUndefined(),
  );

  test('any name is read in no time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123.a-_'), maxLength: 250 }), (rest) => {
        writerOfEventFile(`events.out.tfevents.${rest}`);
      }),
    );
  });
});

describe('job ids', () => {
  const byDefault = checkJobIdPattern(trainingOptions.options['runs.job-id-pattern'].default);

  test.each([
    ['/data/slurm-4711/tb', '4711'],
    ['/data/slurm-4711.out', '4711'],
    ['/data/run_job_12/x', '12'],
    ['/data/jobid=9/x', '9'],
    ['/data/runs/a', ''],
    [`/${'x'.repeat(5000)}/job-1`, '1'],
    [`/job-1/${'x'.repeat(5000)}`, ''],
  ])('%.40s: %s', (path, id) => expect(jobIdOfPath(path, byDefault)).toBe(id));

  test('are bounded', () => {
    expect(jobIdOfPath(`/job-${'1'.repeat(900)}`, byDefault)).toHaveLength(128);
  });

  test.each(['(', 'job-(\\d+)', '(?<other>\\d+)', ''])('the pattern %j is refused', (text) =>
    expect(() => checkJobIdPattern(text)).toThrow(ConfigError),
  );

  test('a pattern that takes years for a path finds nothing in it', () => {
    const slow = checkJobIdPattern('(a+)+(?<job_id>\\d)$');
    expect(jobIdOfPath(`/${'a'.repeat(60)}`, slow)).toBe('');
    expect(jobIdOfPath('/aaa7', slow)).toBe('7');
  });

  test('a pattern may leave its group out', () => {
    expect(jobIdOfPath('/x', checkJobIdPattern('job-(?<job_id>\\d+)|x'))).toBe('');
  });
});

describe('logs of pods', () => {
  const uid = '0a1b2c3d-0000-1111-2222-333344445555';
  const folder = `/var/log/pods/ml_train-0_${uid}`;

  test.each([
    [`${folder}/main/0.log`, { namespace: 'ml', pod: 'train-0', container: 'main', folder: `${folder}/main` }],
    [folder, { namespace: 'ml', pod: 'train-0', container: undefined, folder }],
    [`/host${folder}/main`, { namespace: 'ml', pod: 'train-0', container: 'main', folder: `/host${folder}/main` }],
    [
      '/var/log/pods/kube-system_etcd-a.b_0123456789abcdef0123456789abcdef/etcd/1.log',
      {
        namespace: 'kube-system',
        pod: 'etcd-a.b',
        container: 'etcd',
        folder: '/var/log/pods/kube-system_etcd-a.b_0123456789abcdef0123456789abcdef/etcd',
      },
    ],
    ['/var/log/pods/other/0.log', undefined],
    ['/data/runs/a_b_c', undefined],
  ])('%s', (path, expected) => expect(podLogOf(path)).toEqual(expected));

  test('the files of a container that is started again are one run', () => {
    const pattern = checkJobIdPattern('job-(?<job_id>\\d+)');
    const identity = (path: string) => identityOfRun({ path, realPath: path, name: 'x' }, pattern);
    expect(identity(`${folder}/main/1.log`)).toEqual({
      ...identity(`${folder}/main/0.log`),
      longName: `${folder}/main/1.log`,
    });
    expect(identity(`${folder}/main/0.log`)).toEqual(
      expect.objectContaining({ run: 'ml/train-0/main', namespace: 'ml', pod: 'train-0' }),
    );
  });
});

describe('names of checkpoints', () => {
  test.each([
    ['checkpoint-500', 'huggingface', 500],
    ['iter_0000500', 'megatron', 500],
    ['global_step20', 'deepspeed', 20],
    ['step-1000', 'torchtitan', 1000],
  ])('%s', (name, family, step) => expect(checkpointOfFolder(name)).toEqual({ family, step }));

  test.each(['checkpoint-', 'checkpoints', 'step-1-x', 'iter_x', 'checkpoint-1234567890123'])('%s is none', (name) =>
    expect(checkpointOfFolder(name)).toBeUndefined(),
  );

  test.each([
    ['epoch=3-step=1000.ckpt', 1000],
    ['epoch=3-step=1000-v1.ckpt', 1000],
    ['step=7.ckpt', 7],
    ['last.ckpt', undefined],
    ['val_step=0.3.ckpt', 0],
    ['laststep=3.ckpt', undefined],
  ])('%s: step %s', (name, step) => expect(stepOfLightning(name)).toBe(step));

  test.each([
    ['500', 500],
    ['500\n', 500],
    ['global_step500', 500],
    ['release', undefined],
    ['', undefined],
    ['../../etc', undefined],
  ])('tracker %j: step %s', (text, step) => expect(stepOfTracker(text)).toBe(step));
});

describe('environments', () => {
  const none = { jobId: '', namespace: '', pod: '', hostName: '' };

  test.each([
    ['SLURM_JOB_ID=4711\0HOSTNAME=node7\0', { ...none, jobId: '4711', hostName: 'node7' }],
    ['JOB_ID=1\0LSB_JOBID=2\0PBS_JOBID=3.server\0', { ...none, jobId: '3.server' }],
    [
      'HOSTNAME=train-0\0KUBERNETES_SERVICE_HOST=10.0.0.1\0POD_NAMESPACE=ml\0',
      { ...none, pod: 'train-0', namespace: 'ml', hostName: 'train-0' },
    ],
    ['POD_NAME=a\0HOSTNAME=b\0', { ...none, pod: 'a', hostName: 'b' }],
    ['TOKEN=secret\0SLURM_JOB_ID=has blanks\0', none],
    ['', none],
    ['=\0\0SLURM_JOB_ID\0', none],
  ])('%j', (text, home) => expect(homeOfEnvironment(text)).toEqual(home));
});
