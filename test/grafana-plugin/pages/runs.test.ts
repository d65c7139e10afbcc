import { type Run, runsOf, verdictOf } from '../../../grafana-plugin/src/pages/training/runs';

const well: Run = {
  key: 'a',
  run: 'team-a/pretrain',
  framework: 'megatron',
  phase: 'training',
  silentSeconds: 3,
  intervalSeconds: 1,
  step: 10,
  steps: 100,
  leftSeconds: 90,
  loss: 2,
  isLossFinite: true,
  tokens: 1000,
  goodput: 0.95,
  slowest: 0.98,
  mostLost: undefined,
  alerts: [],
};

test.each([
  ['well', {}],
  ['failed', { phase: 'failed', isLossFinite: false }],
  ['ended', { phase: 'ended', silentSeconds: 9999 }],
  ['not_a_number', { isLossFinite: false }],
  ['stuck', { alerts: ['TrainingStalled'] }],
  ['stuck', { silentSeconds: 601 }],
  ['well', { silentSeconds: 601, intervalSeconds: 60 }],
  ['slow_rank', { slowest: 0.7, goodput: 0.5 }],
  ['waiting', { phase: 'evaluating' }],
  ['losing_time', { goodput: 0.85 }],
  ['well', { goodput: undefined, slowest: undefined, silentSeconds: undefined }],
] as const)('%s: %j', (verdict, changed) => {
  expect(verdictOf({ ...well, ...changed })).toBe(verdict);
});

const none = {
  phase: [],
  silence: [],
  interval: [],
  step: [],
  steps: [],
  left: [],
  loss: [],
  nonFinite: [],
  tokens: [],
  goodput: [],
  slowest: [],
  lost: [],
  alerts: [],
};
const row = (run: string, value: number, more = {}) => ({
  labels: { cluster: 'c', run, framework: 'f', ...more },
  value,
});

test('runs that need somebody stand first, with the largest loss of time', () => {
  const runs = runsOf({
    ...none,
    phase: [row('a', 1, { phase: 'training' }), row('b', 1, { phase: 'training' })],
    silence: [row('a', 2), row('b', 2)],
    nonFinite: [row('a', 0), row('b', 1)],
    lost: [row('a', 0.1, { reason: 'data_loading' }), row('a', 0.3, { reason: 'recovery' })],
    alerts: [{ labels: { run: 'b', alertname: 'TrainingLossNotFinite' }, value: 1 }],
  });
  expect(runs.map(({ run, alerts, mostLost }) => ({ run, alerts, mostLost }))).toEqual([
    { run: 'b', alerts: ['TrainingLossNotFinite'], mostLost: undefined },
    { run: 'a', alerts: [], mostLost: { reason: 'recovery', ratio: 0.3 } },
  ]);
});
