import fc from 'fast-check';
import { homeOfCgroup } from '../../../../../exporters/gpu/sources/processes/cgroup-home.ts';

const uid = '74c13223-5a00-11e9-b385-42010a80018d';
const sliceUid = uid.replaceAll('-', '_');
const id = '34dc0b5e626f2c5c4c5170e34b10e7654ce36f0fcd532739f4445baabea03376';
const staticUid = '0123456789abcdef0123456789abcdef';
const pod = { kind: 'pod', podUid: uid, containerId: id };
const slice = '/kubepods.slice/kubepods-burstable.slice';

test.each([
  ['containerd and systemd', `${slice}/kubepods-burstable-pod${sliceUid}.slice/cri-containerd-${id}.scope`, pod],
  ['CRI-O and systemd', `${slice}/kubepods-besteffort-pod${sliceUid}.slice/crio-${id}.scope`, pod],
  ['Docker and systemd', `/kubepods.slice/kubepods-pod${sliceUid}.slice/docker-${id}.scope`, pod],
  ['a folder below the container', `/kubepods.slice/kubepods-pod${sliceUid}.slice/crio-${id}.scope/container`, pod],
  ['the cgroupfs driver', `/kubepods/burstable/pod${uid}/${id}`, pod],
  ['the cgroupfs driver and CRI-O', `/kubepods/besteffort/pod${uid}/crio-${id}`, pod],
  ['a guaranteed pod', `/kubepods/pod${uid}/${id}`, pod],
  ['a runtime on cgroupfs', `/system.slice/kubepods-burstable-pod${sliceUid}.slice:cri-containerd:${id}`, pod],
  ['kind', `/docker/${staticUid}${staticUid}/kubelet/kubepods/burstable/pod${uid}/${id}`, pod],
  [
    'kind with systemd',
    `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort-pod${sliceUid}.slice/cri-containerd-${id}.scope`,
    pod,
  ],
  ['another cgroup namespace', `/../../kubepods-burstable-pod${sliceUid}.slice/cri-containerd-${id}.scope`, pod],
  ['another cgroup namespace and cgroupfs', `/../../pod${uid}/${id}`, pod],
  ['a removed cgroup', `/kubepods/pod${uid}/${id} (deleted)`, pod],
  ['Docker inside a pod', `/kubepods/pod${uid}/${id}/docker/${staticUid}${staticUid}`, pod],
  ['a cluster inside a pod', `/kubepods/pod${uid}/${id}/kubepods/pod${uid.replace('7', '8')}/${id}`, pod],
  ['a static pod', `/kubepods/burstable/pod${staticUid}/${id}`, { ...pod, podUid: staticUid }],
  ['a pod without a container', `/kubepods/burstable/pod${uid}`, { kind: 'pod', podUid: uid }],
])('finds the pod with %s', (_name, path, home) => {
  expect(homeOfCgroup(`0::${path}\n`)).toEqual(home);
  expect(homeOfCgroup(`12:pids:${path}\n1:name=systemd:${path}\n0::/system.slice/containerd.service\n`)).toEqual(home);
});

test.each([
  ['Slurm v1', '/slurm/uid_1000/job_123/step_0/task_0', { jobId: '123', userId: '1000' }],
  ['Slurm v1 with several slurmd', '/slurm_node-1/uid_0/job_7/step_batch', { jobId: '7', userId: '0' }],
  ['Slurm v2', '/system.slice/slurmstepd.scope/job_123/step_0/user/task_0', { jobId: '123' }],
  ['Slurm v2 with a node name', '/system.slice/gx10_a.example_slurmstepd.scope/job_12/step_extern', { jobId: '12' }],
  ['Slurm v2, seen from another namespace', '/../slurmstepd.scope/job_9/step_0/user/task_0', { jobId: '9' }],
  ['Slurm in a pod', `/kubepods/pod${uid}/${id}/system.slice/slurmstepd.scope/job_4/step_0`, { jobId: '4' }],
  ['PBS v1', '/pbs_jobs.service/jobid/2404743.opbs', { jobId: '2404743.opbs' }],
  ['PBS v1 with an array', '/pbs_jobs.service/jobid/12345[1].gadi-pbs/child', { jobId: '12345[1].gadi-pbs' }],
  ['PBS v2', '/pbs_jobs.service/jobs/12345.pbs', { jobId: '12345.pbs' }],
  ['PBS v2 with a run count', '/pbs_jobs.service/jobs/12345.1/child', { jobId: '12345' }],
  ['an older PBS', '/pbspro.slice/pbspro-123.server.slice', { jobId: '123.server' }],
  ['an older PBS without systemd', '/pbspro/123.server', { jobId: '123.server' }],
  ['LSF', '/lsf/cluster1/job.123.4567.1690000000', { jobId: '123' }],
])('finds the job of %s', (_name, path, home) => {
  expect(homeOfCgroup(`0::${path}\n`)).toEqual({ kind: 'job', ...home });
  expect(homeOfCgroup(`9:memory:${path}\n1:name=systemd:/system.slice/x.service\n0::/\n`)).toEqual({
    kind: 'job',
    ...home,
  });
});

test.each([
  ['nothing', ''],
  ['the root', '0::/\n'],
  ['a session', '0::/user.slice/user-1000.slice/session-3.scope\n'],
  ['slurmd itself', '0::/system.slice/slurmd.service\n'],
  ['the daemon of Slurm steps', '0::/system.slice/slurmstepd.scope/system\n'],
  ['a slot of HTCondor', '0::/system.slice/htcondor/condor_var_lib_condor_execute_slot1_1@host\n'],
  ['a container of Docker', `0::/system.slice/docker-${id}.scope\n`],
  ['a pod uid that is too long', `0::/kubepods/pod${uid}a/${id}\n`],
  ['a job number that is too long', '0::/slurm/uid_1/job_12345678901/step_0\n'],
  ['a line that is none of cgroups', `/kubepods/pod${uid}/${id}\n`],
  ['a job that a user made up', '0::/user.slice/user-1.slice/user@1.service/x/slurmstepd.scope/job_1/step_0\n'],
  ['a pod that a user made up', `0::/user.slice/user-1.slice/user@1.service/kubepods/pod${uid}/${id}\n`],
  ['a path beyond the limit', `0::/${'a/'.repeat(2100)}kubepods/pod${uid}/${id}\n`],
])('finds no home in %s', (_name, text) => {
  expect(homeOfCgroup(text)).toBeUndefined();
});

test('a path with the container counts more than one without', () => {
  expect(homeOfCgroup(`2:cpu:/kubepods/pod${uid}\n1:memory:/kubepods/pod${uid}/${id}\n`)).toEqual(pod);
});

test('lines beyond the limit are not looked at', () => {
  const line = `0::/kubepods/pod${uid}/${id}\n`;
  expect(homeOfCgroup(`${'1:cpu:/\n'.repeat(63)}${line}`)).toEqual(pod);
  expect(homeOfCgroup(`${'1:cpu:/\n'.repeat(64)}${line}`)).toBeUndefined();
});

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((all) => all.join(''));

test('every pod is found under every driver, with its own uid and container', () => {
  const runtime = fc.constantFrom('', 'cri-containerd-', 'crio-', 'docker-');
  const quality = fc.constantFrom('', '-burstable', '-besteffort');
  fc.assert(
    fc.property(fc.uuid(), hex(64), runtime, quality, fc.boolean(), (podUid, containerId, prefix, qos, isSystemd) => {
      const path = isSystemd
        ? `/kubepods${qos}-pod${podUid.replaceAll('-', '_')}.slice/${prefix}${containerId}.scope`
        : `/kubepods/pod${podUid}/${prefix}${containerId}`;
      expect(homeOfCgroup(`0::${path}\n`)).toEqual({ kind: 'pod', podUid, containerId });
    }),
  );
});

test('whatever a path holds, what comes out is short and plain', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('0::', '/', '\n', '..', 'slurm', 'uid_1', 'job_', 'slurmstepd.scope', 'pbs_jobs.service', 'jobid'),
    fc.constantFrom(
      'jobs',
      '12.',
      'lsf',
      'job.1.2.3',
      'kubepods',
      `pod${uid}`,
      id,
      '.slice',
      'pbspro',
      '\0',
      '\u{202E}',
    ),
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 40 }).map((pieces) => `0::/${pieces.join('/')}`),
  );
  fc.assert(
    fc.property(text, (content) => {
      const home = homeOfCgroup(content);
      const values = Object.values(home ?? {});
      expect(values.every((value) => typeof value === 'string' && /^[\w.[\]-]{1,128}$/.test(value))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
