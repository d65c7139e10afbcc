import type { DeviceInput } from '../../../../exporters/billing/metering/accrual.ts';
import { hashOfUsages } from '../../../../exporters/billing/metering/canonical.ts';
import { conserve } from '../../../../exporters/billing/metering/conserve.ts';
import { type GpuSettings, meterGpus } from '../../../../exporters/billing/metering/meter-gpus.ts';
import { accrual, device, holding, hour, lines, minute, span, totalOf } from '../../../support/billing-device.ts';

const settings: GpuSettings = { systemNamespaces: ['gpu-operator'] };
const window = span(0, hour);

function metered(devices: readonly DeviceInput[], spans = [window], changes: Partial<GpuSettings> = {}) {
  const { windows, problems } = meterGpus(devices, spans, { ...settings, ...changes });
  const [first] = windows;
  if (first === undefined) throw new Error('no window');
  return { ...first, windows, problems, lines: lines(first.usages) };
}

describe('one holder at a time', () => {
  test('what nobody holds is idle', () => {
    const { lines: all, conservation } = metered([device()]);
    expect(all).toEqual(['idle unassigned GPU-1 1/1: 3600000']);
    expect(conservation).toEqual({ devices: 1, installedMs: hour, error: { num: 0n, den: 1n }, worst: [] });
  });

  test('holders follow each other to the millisecond, and the time between is idle', () => {
    const a = holding('a', accrual([0, 600_001]));
    const b = holding('b', accrual([900_000, 2 * hour]));
    expect(metered([device({ holdings: [a, b] })]).lines).toEqual([
      'idle unassigned GPU-1 1/1: 299999',
      'used a GPU-1 1/1: 600001',
      'used b GPU-1 1/1: 2700000',
    ]);
  });

  test('usages carry the model as SKU, the node, and the holder with sorted keys and without empty values', () => {
    const a = holding('a', accrual([0, hour]), { holder: { pod: 'a', namespace: 'x', container: '' } });
    expect(metered([device({ holdings: [a] })]).usages).toEqual([
      {
        meter: 'gpu_time',
        cluster: 'c1',
        node: 'n1',
        resource: 'GPU-1',
        sku: 'NVIDIA H100 80GB HBM3',
        state: 'used',
        reason: '',
        holder: { namespace: 'x', pod: 'a' },
        share: { num: 1, den: 1 },
        quantity: 3_600_000n,
      },
    ]);
    expect(Object.keys(metered([device({ holdings: [a] })]).usages[0]?.holder ?? {})).toEqual(['namespace', 'pod']);
  });

  test('holders in system namespaces are of the system', () => {
    const a = holding('a', accrual([0, hour]), { holder: { namespace: 'gpu-operator', pod: 'dcgm' } });
    expect(metered([device({ holdings: [a] })]).lines).toEqual(['system dcgm GPU-1 1/1: 3600000']);
  });

  test('a holder that starts and ends between two scrapes has what it had', () => {
    const a = holding('a', accrual([minute, minute + 15_000, 4_000]));
    expect(metered([device({ holdings: [a] })]).lines).toEqual([
      'idle unassigned GPU-1 1/1: 3596000',
      'used a GPU-1 1/1: 4000',
    ]);
  });

  test('between two others such a holder takes what they left, also where windows cut the interval', () => {
    const a = holding('a', accrual([0, 5_000]));
    const short = holding('short', accrual([0, 15_000, 3_000]));
    const b = holding('b', accrual([11_000, hour]));
    const { windows } = metered([device({ holdings: [a, short, b] })], [span(0, 7_000), span(7_000, 15_000)]);
    expect(windows.flatMap(({ usages }) => lines(usages))).toEqual([
      'used a GPU-1 1/1: 5000',
      'used short GPU-1 1/1: 2000',
      'idle unassigned GPU-1 1/1: 3000',
      'used b GPU-1 1/1: 4000',
      'used short GPU-1 1/1: 1000',
    ]);
  });

  test('a piece that has to be spread is spread evenly over a long gap', () => {
    const a = holding('a', accrual([0, 2 * hour, hour]));
    const { windows } = metered([device({ holdings: [a] })], [span(0, hour), span(hour, 2 * hour)]);
    expect(windows.map(({ usages }) => lines(usages))).toEqual([
      ['idle unassigned GPU-1 1/1: 1800000', 'used a GPU-1 1/1: 1800000'],
      ['idle unassigned GPU-1 1/1: 1800000', 'used a GPU-1 1/1: 1800000'],
    ]);
  });

  test('pods of the same name are apart where their UID is known', () => {
    const of = (uid: string, from: number, to: number) =>
      holding('db-0', accrual([from, to]), { holder: { namespace: 'x', pod: 'db-0', pod_uid: uid } });
    const { usages } = metered([device({ holdings: [of('u1', 0, 1000), of('u2', 1000, hour)] })]);
    expect(usages.map(({ holder, quantity }) => [holder['pod_uid'], quantity])).toEqual([
      ['u1', 1000n],
      ['u2', 3_599_000n],
    ]);
  });
});

describe('who cannot have it', () => {
  test('holders win over a cordoned node, and the rest is unavailable', () => {
    const a = holding('a', accrual([0, 600_000]));
    const unavailable = [{ span: span(0, 1_200_000), reason: 'cordoned' }];
    expect(metered([device({ holdings: [a], unavailable })]).lines).toEqual([
      'idle unassigned GPU-1 1/1: 2400000',
      'unavailable cordoned GPU-1 1/1: 600000',
      'used a GPU-1 1/1: 600000',
    ]);
  });

  test('time that was not seen is unavailable, unless a counter bridges it', () => {
    const a = holding('a', accrual([0, 900_000]));
    const seen = [span(0, 600_000), span(1_800_000, hour)];
    expect(metered([device({ holdings: [a], seen })]).lines).toEqual([
      'idle unassigned GPU-1 1/1: 1800000',
      'unavailable no_data GPU-1 1/1: 900000',
      'used a GPU-1 1/1: 900000',
    ]);
  });

  test('the worst of several reasons counts, and each before no data', () => {
    const unavailable = [
      { span: span(0, hour), reason: 'cordoned' },
      { span: span(600_000, hour), reason: 'not_ready' },
      { span: span(1_200_000, hour), reason: 'lost' },
    ];
    expect(metered([device({ unavailable, seen: [span(0, 60_000)] })]).lines).toEqual([
      'unavailable cordoned GPU-1 1/1: 600000',
      'unavailable lost GPU-1 1/1: 2400000',
      'unavailable not_ready GPU-1 1/1: 600000',
    ]);
  });

  test('a GPU counts only while it is installed', () => {
    const { lines: all, conservation } = metered([device({ installed: [span(600_000, 1_200_000)] })]);
    expect(all).toEqual(['idle unassigned GPU-1 1/1: 600000']);
    expect(conservation.installedMs).toBe(600_000);
  });

  test('a device that is not installed in a window has no rows and does not count', () => {
    expect(metered([device({ installed: [span(hour, 2 * hour)] })])).toMatchObject({
      usages: [],
      conservation: { devices: 0, installedMs: 0 },
    });
  });
});

describe('MIG', () => {
  const instance = (gpuInstanceId: string, profile: string, ...spans: readonly (readonly [number, number])[]) => ({
    gpuInstanceId,
    profile,
    spans: spans.map(([from, to]) => span(from, to)),
  });
  const inInstance = (pod: string, gpuInstanceId: string, profile: string, from: number, to: number) =>
    holding(pod, accrual([from, to]), { gpuInstanceId, profile });

  test('4g and 3g are normalised to 8/15 and 7/15', () => {
    const instances = [instance('1', '4g.40gb', [0, hour]), instance('2', '3g.40gb', [0, hour])];
    const holdings = [inInstance('a', '1', '4g.40gb', 0, hour), inInstance('b', '2', '3g.40gb', 0, 1_800_000)];
    const { lines: all, usages } = metered([device({ instances, holdings })]);
    expect(all).toEqual([
      'used a GPU-1/1 8/15: 3600000',
      'idle unassigned GPU-1/2 7/15: 1800000',
      'used b GPU-1/2 7/15: 1800000',
    ]);
    expect(usages.map(({ sku }) => sku)).toEqual([
      'NVIDIA H100 80GB HBM3 MIG 4g.40gb',
      'NVIDIA H100 80GB HBM3 MIG 3g.40gb',
      'NVIDIA H100 80GB HBM3 MIG 3g.40gb',
    ]);
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
  });

  test('what no instance takes is idle under the SKU of the GPU', () => {
    const instances = [instance('1', '2g.20gb', [0, hour]), instance('2', '1g.10gb', [0, hour])];
    const { lines: all, usages } = metered([
      device({ instances, holdings: [inInstance('a', '1', '2g.20gb', 0, hour)] }),
    ]);
    expect(all).toEqual([
      'idle unassigned GPU-1 4/7: 3600000',
      'used a GPU-1/1 2/7: 3600000',
      'idle unassigned GPU-1/2 1/7: 3600000',
    ]);
    expect(usages.map(({ sku }) => sku.slice(22))).toEqual(['', 'MIG 2g.20gb', 'MIG 1g.10gb'].map((s) => s && s));
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
  });

  test('without a list of instances those that are held count, while they are held', () => {
    const { lines: all, usages } = metered([device({ holdings: [inInstance('a', '7', '1g.10gb', 0, 1_800_000)] })]);
    expect(all).toEqual([
      'idle unassigned GPU-1 1/1: 1800000',
      'idle unassigned GPU-1 6/7: 1800000',
      'used a GPU-1/7 1/7: 1800000',
    ]);
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
  });

  test('a GPU that is divided anew in mid-window has other shares from then on', () => {
    const instances = [
      instance('1', '4g.40gb', [0, 600_000]),
      instance('2', '3g.40gb', [0, 600_000]),
      instance('1', '7g.80gb', [900_000, hour]),
    ];
    const holdings = [
      inInstance('a', '1', '4g.40gb', 0, 600_000),
      holding('w', accrual([600_000, 900_000])),
      inInstance('c', '1', '7g.80gb', 900_000, hour),
    ];
    const { lines: all, usages, conservation } = metered([device({ instances, holdings })]);
    expect(all).toEqual([
      'used w GPU-1 1/1: 300000',
      'used a GPU-1/1 8/15: 600000',
      'used c GPU-1/1 1/1: 2700000',
      'idle unassigned GPU-1/2 7/15: 600000',
    ]);
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
    expect(conservation.error.num).toBe(0n);
  });

  test('a holder of the whole GPU and instances at once for a moment is a lag, for long an error', () => {
    const instances = [instance('1', '7g.80gb', [600_000, hour])];
    const late = (until: number) => [holding('w', accrual([0, until])), inInstance('c', '1', '7g.80gb', 600_000, hour)];
    const short = metered([device({ instances, holdings: late(605_000) })]);
    expect(short.lines).toEqual(['used w GPU-1 1/1: 600000', 'used c GPU-1/1 1/1: 3000000']);
    expect(short.conservation.error.num).toBe(0n);
    const long = metered([device({ instances, holdings: late(700_000) })]);
    expect(long.lines).toEqual(['used w GPU-1 1/1: 700000', 'used c GPU-1/1 1/1: 3000000']);
    expect(long.conservation.error).toEqual({ num: 100_000n, den: 1n });
  });

  test('what nobody saw of a GPU that was whole and divided in turn lies apart, so nothing is had twice', () => {
    const part = (id: string, pod: string, amount: number) =>
      holding(pod, accrual([0, hour, amount]), { gpuInstanceId: id, profile: '1g.10gb' });
    const whole = holding('w', accrual([0, hour, 20 * minute]));
    const surely = holding('v', accrual([50 * minute, hour]));
    const { conservation, lines: all } = metered([
      device({ holdings: [part('1', 'a', 30 * minute), whole, part('2', 'b', 10 * minute), surely] }),
    ]);
    expect(conservation.error.num).toBe(0n);
    expect(all).toEqual(expect.arrayContaining(['used w GPU-1 1/1: 1200000', 'used v GPU-1 1/1: 600000']));
    const had = (pod: string) =>
      all.filter((line) => line.startsWith(`used ${pod} `)).reduce((sum, line) => sum + Number(line.split(': ')[1]), 0);
    expect([had('a'), had('b')]).toEqual([30 * minute, 10 * minute]);
  });

  test('an instance with two profiles for a moment has the later one, in whatever order they are told', () => {
    const instances = [instance('1', '7g.80gb', [0, 615_000]), instance('1', '1g.10gb', [600_000, hour])];
    const { lines: all } = metered([device({ instances })]);
    expect(all).toEqual([
      'idle unassigned GPU-1 6/7: 3000000',
      'idle unassigned GPU-1/1 1/7: 3000000',
      'idle unassigned GPU-1/1 1/1: 600000',
    ]);
    expect(metered([device({ instances: instances.toReversed() })]).lines).toEqual(all);
  });

  test('settings may say otherwise, and an unknown profile is told and counts as the smallest', () => {
    const instances = [instance('1', '1g.10gb', [0, hour])];
    const own = metered([device({ instances })], [window], { migShares: { '1g.10gb': { num: 1, den: 8 } } });
    expect(own.lines).toEqual(['idle unassigned GPU-1 7/8: 3600000', 'idle unassigned GPU-1/1 1/8: 3600000']);
    const unknown = metered([device({ instances: [instance('1', 'slice', [0, hour])] })]);
    expect(unknown.lines[1]).toBe('idle unassigned GPU-1/1 1/7: 3600000');
    expect(unknown.problems).toEqual([
      'MIG profile "slice" of NVIDIA H100 80GB HBM3 tells no slices, so an instance counts as 1/7 of the GPU; set its part by mig_shares of the source',
    ]);
  });

  test('instances of a node that is away are unavailable with their shares', () => {
    const instances = [instance('1', '3g.40gb', [0, hour])];
    const { lines: all } = metered([
      device({ instances, unavailable: [{ span: span(0, hour), reason: 'not_ready' }] }),
    ]);
    expect(all).toEqual(['unavailable not_ready GPU-1 1/2: 3600000', 'unavailable not_ready GPU-1/1 1/2: 3600000']);
  });
});

describe('time slicing', () => {
  const replicas = [{ span: span(0, 2 * hour), replicas: 4 }];

  test('three of four replicas are used, the fourth is idle', () => {
    const holdings = ['a', 'b', 'c'].map((pod) => holding(pod, accrual([0, hour])));
    const { lines: all, usages, conservation } = metered([device({ replicas, holdings })]);
    expect(all).toEqual([
      'idle unused_replica GPU-1 1/4: 3600000',
      'used a GPU-1 1/4: 3600000',
      'used b GPU-1 1/4: 3600000',
      'used c GPU-1 1/4: 3600000',
    ]);
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
    expect(conservation.error.num).toBe(0n);
  });

  test('a holder with two replicas has two of them; free ones are counted together', () => {
    const { lines: all } = metered([
      device({ replicas, holdings: [holding('a', accrual([0, 1_800_000]), { replicas: 2 })] }),
    ]);
    expect(all).toEqual(['idle unused_replica GPU-1 1/4: 10800000', 'used a GPU-1 1/2: 1800000']);
  });

  test('nobody can have what is unavailable, which is the whole GPU where nobody holds a part', () => {
    const unavailable = [{ span: span(0, hour), reason: 'cordoned' }];
    const { lines: all } = metered([
      device({ replicas, unavailable, holdings: [holding('a', accrual([0, 1_800_000]))] }),
    ]);
    expect(all).toEqual([
      'unavailable cordoned GPU-1 1/1: 1800000',
      'unavailable cordoned GPU-1 1/4: 5400000',
      'used a GPU-1 1/4: 1800000',
    ]);
  });

  test('more holders than replicas are an error, to the millisecond', () => {
    const holdings = ['a', 'b', 'c', 'd', 'e'].map((pod) => holding(pod, accrual([0, 1_000_000])));
    const { conservation, usages } = metered([device({ replicas, holdings })]);
    expect(conservation.error).toEqual({ num: 250_000n, den: 1n });
    expect(totalOf(usages)).toEqual({ num: 3_850_000n, den: 1n });
  });

  test('when replicas are advertised only later, one holder at a time counts before', () => {
    const holdings = [holding('a', accrual([0, hour])), holding('b', accrual([1_800_000, hour]))];
    const { lines: all } = metered([device({ replicas: [{ span: span(1_800_000, hour), replicas: 2 }], holdings })]);
    expect(all).toEqual(['used a GPU-1 1/1: 1800000', 'used a GPU-1 1/2: 1800000', 'used b GPU-1 1/2: 1800000']);
  });

  test('replicas of instances divide the share of the instance', () => {
    const instances = [{ gpuInstanceId: '1', profile: '3g.40gb', spans: [span(0, hour)] }];
    const inIt = { gpuInstanceId: '1', profile: '3g.40gb' };
    const { lines: all, usages } = metered([
      device({
        instances,
        replicas: [{ span: span(0, hour), replicas: 2 }],
        holdings: [holding('a', accrual([0, hour]), inIt)],
      }),
    ]);
    expect(all).toEqual([
      'idle unassigned GPU-1 1/2: 3600000',
      'idle unused_replica GPU-1/1 1/4: 3600000',
      'used a GPU-1/1 1/4: 3600000',
    ]);
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
  });

  test('without replicas the source says how it was divided: share 1, and the quantity is what each had', () => {
    const shared = (pod: string, from: number, to: number, part: number) =>
      holding(pod, accrual([from, to]), { divided: accrual([from, to, part]) });
    const holdings = [shared('a', 0, 1_800_000, 600_000), shared('b', 0, 1_800_000, 1_200_000)];
    const { lines: all, usages } = metered([device({ holdings })]);
    expect(all).toEqual([
      'idle unassigned GPU-1 1/1: 1800000',
      'used a GPU-1 1/1: 600000',
      'used b GPU-1 1/1: 1200000',
    ]);
    expect(totalOf(usages)).toEqual({ num: 3_600_000n, den: 1n });
  });

  test('holders whose divided time is all of theirs were alone, also in a gap in which each is only a quantity', () => {
    const of = (pod: string, ms: number, divided = ms) =>
      holding(pod, accrual([0, hour, ms]), { divided: accrual([0, hour, divided]) });
    const before = holding('z', accrual([0, 600_000]), { divided: accrual([0, 600_000]) });
    expect(metered([device({ holdings: [of('a', 900_000), of('b', 1_200_000, 1_199_500), before] })]).lines).toEqual([
      'idle unassigned GPU-1 1/1: 900000',
      'used a GPU-1 1/1: 900000',
      'used b GPU-1 1/1: 1200000',
      'used z GPU-1 1/1: 600000',
    ]);
    // Half of it together with somebody: then it may be at once with others.
    const halved = [of('a', 2_700_000, 1_800_000), of('b', 2_700_000, 1_800_000)];
    expect(metered([device({ holdings: halved })]).lines).toEqual([
      'idle unassigned GPU-1 1/1: 900000',
      'used a GPU-1 1/1: 1350000',
      'used b GPU-1 1/1: 1350000',
    ]);
  });

  test('it is divided anew when a holder joins, and nobody loses more than a millisecond a minute', () => {
    const a = holding('a', accrual([0, hour]), { divided: accrual([0, 1_200_000], [1_200_000, hour, 800_000]) });
    const b = holding('b', accrual([1_200_000, hour]), { divided: accrual([1_200_000, hour, 800_000]) });
    const c = holding('c', accrual([1_200_000, hour]), { divided: accrual([1_200_000, hour, 800_000]) });
    expect(metered([device({ holdings: [a, b, c] })]).lines).toEqual([
      'used a GPU-1 1/1: 2000000',
      'used b GPU-1 1/1: 800000',
      'used c GPU-1 1/1: 800000',
    ]);
  });
});

describe('too much', () => {
  test('an overlap as short as a lag goes to the one that stays', () => {
    const holdings = [holding('a', accrual([0, 605_000])), holding('b', accrual([600_000, hour]))];
    const { lines: all, conservation } = metered([device({ holdings })]);
    expect(all).toEqual(['used a GPU-1 1/1: 600000', 'used b GPU-1 1/1: 3000000']);
    expect(conservation.error.num).toBe(0n);
  });

  test('a longer one is an error as large as the overlap, and both are shown', () => {
    const holdings = [holding('a', accrual([0, 700_000])), holding('b', accrual([600_000, hour]))];
    const { lines: all, conservation } = metered([device({ holdings })]);
    expect(all).toEqual(['used a GPU-1 1/1: 700000', 'used b GPU-1 1/1: 3000000']);
    expect(conservation.error).toEqual({ num: 100_000n, den: 1n });
    expect(conservation.worst).toEqual([{ resource: 'GPU-1', error: { num: 100_000n, den: 1n } }]);
  });

  test('a holder who has it for more time than there is is shown with all of it', () => {
    const { lines: all, conservation } = metered([
      device({ holdings: [holding('a', accrual([0, 600_000, 1_900_000_000_000]))] }),
    ]);
    expect(all).toEqual(['idle unassigned GPU-1 1/1: 3000000', 'used a GPU-1 1/1: 1900000000000']);
    expect(conservation.error).toEqual({ num: 1_899_999_400_000n, den: 1n });
  });

  test('the same holder twice, as from two exporters, is an error', () => {
    const holdings = [holding('a', accrual([0, hour])), holding('a', accrual([0, hour]))];
    const { lines: all, conservation } = metered([device({ holdings })]);
    expect(all).toEqual(['used a GPU-1 1/1: 7200000']);
    expect(conservation.error).toEqual({ num: 3_600_000n, den: 1n });
  });

  test('use of a GPU that is not installed is an error beyond what lags', () => {
    const holdings = [holding('a', accrual([0, 700_000]))];
    const late = metered([device({ installed: [span(600_000, hour)], holdings })]);
    expect(late.conservation.error).toEqual({ num: 600_000n, den: 1n });
    const lag = metered([device({ installed: [span(5_000, hour)], holdings })]);
    expect(lag.conservation.error.num).toBe(0n);
    expect(lag.lines).toEqual(['idle unassigned GPU-1 1/1: 2900000', 'used a GPU-1 1/1: 695000']);
  });
});

describe('moves', () => {
  test('a GPU that moved to another node in mid-window is conserved by its UUID', () => {
    const here = device({
      installed: [span(0, 1_200_000)],
      seen: [span(0, 1_200_000)],
      holdings: [holding('a', accrual([0, 600_000]))],
    });
    const there = device({ node: 'n2', installed: [span(1_500_000, hour)], seen: [span(1_500_000, hour)] });
    const { usages, conservation } = metered([here, there]);
    expect(usages.map(({ node, quantity }) => [node, quantity])).toEqual([
      ['n1', 600_000n],
      ['n1', 600_000n],
      ['n2', 2_100_000n],
    ]);
    expect(conservation).toMatchObject({ devices: 1, installedMs: 3_300_000, error: { num: 0n } });
  });

  test('a GPU that is at two places at once is an error', () => {
    const { conservation } = metered([device(), device({ node: 'n2', installed: [span(0, 60_000)] })]);
    expect(conservation).toMatchObject({ devices: 1, installedMs: hour, error: { num: 60_000n, den: 1n } });
  });
});

test('the order of the input changes nothing, and the check that adds up anew agrees', () => {
  const devices = [
    device({ holdings: [holding('a', accrual([0, 700_000])), holding('b', accrual([600_000, hour]))] }),
    device({
      uuid: 'GPU-2',
      replicas: [{ span: span(0, hour), replicas: 3 }],
      holdings: [holding('c', accrual([0, 1]))],
    }),
    device({ uuid: 'GPU-0', holdings: [holding('d', accrual([5, 10_000, 7]))] }),
  ];
  const reversed = devices.toReversed().map((one) => ({ ...one, holdings: one.holdings.toReversed() }));
  const [first, second] = [metered(devices), metered(reversed)];
  expect(second.usages).toEqual(first.usages);
  expect(hashOfUsages(second.usages)).toBe(hashOfUsages(first.usages));
  const installed = new Map(devices.map(({ uuid }) => [uuid, hour]));
  expect(conserve(first.usages, installed)).toEqual(first.conservation);
  expect(first.conservation.error).toEqual({ num: 100_000n, den: 1n });
});
