import { clusterViews } from '../../../../exporters/billing/health/cluster-views.ts';
import { meteringViews } from '../../../../exporters/billing/health/metering-views.ts';
import type { UsageTotal, WindowRecord } from '../../../../exporters/billing/ledger/ledger.ts';
import { unattributedTenant } from '../../../../exporters/billing/subjects/tenant-directory.ts';

const hourMs = 3_600_000;

function window(more: {
  readonly cluster?: string;
  readonly meter?: string;
  readonly seen?: number;
  readonly expected?: number;
  readonly isHeld?: boolean;
  readonly error?: readonly [bigint, bigint];
}): WindowRecord {
  const { cluster = 'c1', meter = 'gpu_time', seen = 100, expected = 100, isHeld = false, error } = more;
  return {
    meter,
    cluster,
    span: { startMs: 0, endMs: hourMs },
    revision: 0,
    hash: '',
    coverage: { expectedScrapes: expected, seenScrapes: seen, gaps: [], gapMs: 0, isHeld },
    conservation:
      error === undefined
        ? undefined
        : { devices: 1, installedMs: hourMs, error: { num: error[0], den: error[1] }, worst: [] },
    evidence: { source: 'main', queries: [], samples: 0 },
    recordedAt: 0,
  };
}

const watermark = { cluster: 'c1', meter: 'gpu_time', fromMs: 0, untilMs: 5_000_500, changedAt: 0 };

describe('metering', () => {
  test('watermark, coverage of all windows together, and what waits', () => {
    const windows = [
      window({ seen: 90 }),
      window({ seen: 300, expected: 300, isHeld: true }),
      window({ cluster: 'c2', seen: 0 }),
    ];
    const held = [{ cluster: 'c1', meter: 'gpu_time', windows: 2 }];
    const recorded = [{ cluster: 'c1', meter: 'gpu_time', first: 7, later: 3 }];
    expect(meteringViews({ watermarks: [watermark], windows, held, recorded })).toEqual([
      {
        cluster: 'c1',
        meter: 'gpu_time',
        meteredUntil: 5000.5,
        coverage: 0.975,
        heldWindows: 3,
        recorded: { first: 7, later: 3 },
      },
      {
        cluster: 'c2',
        meter: 'gpu_time',
        meteredUntil: undefined,
        coverage: 0,
        heldWindows: 0,
        recorded: { first: 0, later: 0 },
      },
    ]);
  });

  test('one window with more scrapes than expected does not hide another with fewer', () => {
    const windows = [window({ seen: 200 }), window({ seen: 50 })];
    expect(meteringViews({ watermarks: [], windows, held: [], recorded: [] })[0]?.coverage).toBe(0.75);
  });

  test('where nothing was expected nothing is told', () => {
    const windows = [window({ seen: 0, expected: 0 })];
    expect(meteringViews({ watermarks: [], windows, held: [], recorded: [] })[0]?.coverage).toBeUndefined();
  });

  test('meters and clusters with odd names stay apart', () => {
    const places = [
      { ...watermark, cluster: 'a","b', meter: 'c' },
      { ...watermark, cluster: 'a', meter: 'b","c' },
    ];
    expect(meteringViews({ watermarks: places, windows: [], held: [], recorded: [] })).toHaveLength(2);
  });
});

function total(more: Partial<UsageTotal>): UsageTotal {
  return {
    meter: 'gpu_time',
    cluster: 'c1',
    node: 'n1',
    resource: 'GPU-1',
    sku: 'H100',
    state: 'used',
    reason: '',
    holder: {},
    share: { num: 1, den: 1 },
    bucket: 0,
    quantity: 100n,
    isDivided: false,
    ...more,
  };
}

/** Half of what the namespace half uses is of nobody. */
const directory = {
  attribute: ({ holder }: Pick<UsageTotal, 'holder'>) => {
    const one = (tenant: string, den: number) => ({ tenant, costCentre: '', share: { num: 1, den }, by: '' });
    if (holder['namespace'] === 'half') return [one('search', 2), one(unattributedTenant, 2)];
    return [one(holder['namespace'] ?? unattributedTenant, 1)];
  },
};

function views(totals: readonly UsageTotal[], windows: readonly WindowRecord[] = []) {
  return clusterViews({ meter: 'gpu_time', windows, totals, directory, atMs: 0 });
}

describe('clusters', () => {
  test('shares of the states times the part of the GPU, for each cluster by itself', () => {
    const totals = [
      total({ quantity: 700n, share: { num: 1, den: 7 }, holder: { namespace: 'search' } }),
      total({ state: 'idle', quantity: 200n }),
      total({ state: 'unavailable', quantity: 90n }),
      total({ state: 'system', quantity: 10n }),
      total({ cluster: 'c2', quantity: 1n, holder: { namespace: 'search' } }),
      total({ meter: 'tokens', quantity: 1_000_000n }),
    ];
    const [c1, c2] = views(totals);
    expect(Object.fromEntries(c1?.states ?? [])).toEqual({ used: 0.25, idle: 0.5, unavailable: 0.225, system: 0.025 });
    expect(Object.fromEntries(c2?.states ?? [])).toEqual({ used: 1, idle: 0, unavailable: 0, system: 0 });
  });

  test('what belongs to nobody is a share of what is used', () => {
    const totals = [
      total({ quantity: 50n, holder: { namespace: 'half' } }),
      total({ quantity: 25n }),
      total({ quantity: 25n, holder: { namespace: 'search' } }),
      total({ state: 'idle', quantity: 900n }),
    ];
    expect(views(totals)[0]?.unattributed).toBe(0.5);
    expect(views([total({ state: 'idle' })])[0]?.unattributed).toBeUndefined();
  });

  test('errors of the windows add up, in seconds, and those of other meters do not count', () => {
    const windows = [
      window({ error: [3000n, 1n] }),
      window({ error: [1000n, 4n] }),
      window({ meter: 'x', error: [9n, 1n] }),
    ];
    expect(views([], windows)[0]).toEqual({
      cluster: 'c1',
      conservationErrorSeconds: 3.25,
      states: undefined,
      unattributed: undefined,
    });
    expect(views([total({})])[0]?.conservationErrorSeconds).toBeUndefined();
  });
});
