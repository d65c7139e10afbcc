import { factsNow } from '../../../../exporters/prediction/serving/facts-now.ts';
import type { SignBook } from '../../../../exporters/prediction/serving/sign-book.ts';
import { emptySigns, openAbsences, signsSince, withSigns } from '../../../../exporters/prediction/serving/sign-book.ts';
import { createSignHistory, type SignKeeper } from '../../../../exporters/prediction/serving/sign-history.ts';
import type { HistoryApi } from '../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { defaultLabelNames } from '../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { quietLog } from '../../../support/stores.ts';
import { dayMs, gpu, hourMs, startMs } from '../fleet.ts';

const entity = gpu('1');
const xid = (atMs: number) => ({ entity, atMs, code: 79, count: 1 });
const lost = (fromMs: number, untilMs?: number) => ({ entity, fromMs, untilMs, how: 'vanished' as const });
const state = (atMs: number, name: string) => ({ entity, atMs, state: name });

test('a stretch that is read again replaces what it showed before, and nothing else', () => {
  const book = { untilMs: 20, signs: { ...emptySigns, xids: [xid(5), xid(15)] } };
  const fresh = { signs: { ...emptySigns, xids: [xid(16), xid(25)] }, fromMs: 10, untilMs: 30, reviewed: [] };
  const after = withSigns(book, fresh);
  expect(after.signs.xids.map(({ atMs }) => atMs)).toEqual([5, 16, 25]);
  expect(after.untilMs).toBe(30);
  expect(withSigns(after, fresh)).toEqual(after);
});

test('an absence that was open is over once its GPU was seen again, and is counted once', () => {
  const book = { untilMs: 20, signs: { ...emptySigns, absences: [lost(5)] } };
  expect(openAbsences(book, 10)).toEqual([lost(5)]);
  const after = withSigns(book, { signs: emptySigns, fromMs: 10, untilMs: 30, reviewed: [lost(5, 22)] });
  expect(after.signs.absences).toEqual([lost(5, 22)]);
  expect(openAbsences(after, 30)).toEqual([]);
});

test('a state that every stretch tells anew is one change', () => {
  const book = { untilMs: 20, signs: { ...emptySigns, states: [state(5, 'failed')] } };
  const signs = { ...emptySigns, states: [state(12, 'failed'), state(25, 'in_service')] };
  const after = withSigns(book, { signs, fromMs: 10, untilMs: 30, reviewed: [] });
  expect(after.signs.states).toEqual([state(5, 'failed'), state(25, 'in_service')]);
});

test('what is old is forgotten, but not what goes on', () => {
  const book = {
    untilMs: 20,
    signs: { ...emptySigns, xids: [xid(5), xid(15)], absences: [lost(1, 2), lost(3), lost(12, 13)] },
  };
  const { signs } = signsSince(book, 10);
  expect(signs.xids).toEqual([xid(15)]);
  expect(signs.absences).toEqual([lost(3), lost(12, 13)]);
});

test('rules hear of what was seen since the entity came back', () => {
  const atMs = startMs + 30 * dayMs;
  const facts = factsNow({
    atMs,
    entities: [entity, gpu('2')],
    flags: new Map([['gpu/prod/GPU-2', { isRemapPending: true }]]),
    signs: {
      ...emptySigns,
      xids: [xid(atMs - 8 * dayMs), xid(atMs - dayMs)],
      absences: [lost(atMs - 3 * dayMs, atMs - 2 * dayMs), lost(atMs - hourMs)],
      states: [state(atMs - 4 * dayMs, 'in_service')],
    },
  });
  expect(facts.get('gpu/prod/GPU-1')).toMatchObject({
    xids: [xid(atMs - dayMs)],
    vanishedSinceMs: atMs - hourMs,
    inServiceSinceMs: atMs - 2 * dayMs,
  });
  expect(facts.get('gpu/prod/GPU-2')).toMatchObject({ isRemapPending: true, xids: [] });
});

/** GPU-1 is seen all the time, and has XID 79 at the moments: of its counter, samples of each hour. */
function madeApi(xidsAt: readonly number[], failAfter = Number.POSITIVE_INFINITY) {
  const ends: number[] = [];
  const labels = { cluster: 'prod', node: 'gpu-01', uuid: 'GPU-1', xid: '79' };
  const api: HistoryApi = {
    usage: () => ({ queries: ends.length, bytes: 0 }),
    range: async (expr, { startMs: from, endMs, stepMs }) => {
      ends.push(endMs);
      if (endMs > failAfter) throw new Error('cannot be reached');
      if (!expr.includes('gpu_xid_errors_total') || expr.includes('resets(')) return [];
      const times = xidsAt.map((at) => Math.ceil(at / stepMs) * stepMs).filter((at) => at >= from && at <= endMs);
      return times.length === 0
        ? []
        : [{ labels, timesMs: Float64Array.from(times), values: Float64Array.from(times, () => 1) }];
    },
    raw: async (selector, { startMs: from, endMs }) => {
      const times = selector.includes('gpu_xid_errors_total') ? xidsAt.filter((at) => at > from && at <= endMs) : [];
      if (times.length === 0) return [];
      return [{ labels, timesMs: Float64Array.from(times), values: Float64Array.from(times, (_, at) => at + 1) }];
    },
  };
  return { api, ends };
}

const source = {
  name: 'main',
  url: 'http://prometheus:9090',
  cluster: undefined,
  labels: defaultLabelNames,
  match: [],
  tokenFile: undefined,
  user: undefined,
  headers: {},
  timeoutMs: 1000,
};

function memoryKeeper(): SignKeeper & { saved: SignBook | undefined } {
  const keeper = {
    saved: undefined as SignBook | undefined,
    load: async () => keeper.saved,
    save: async (book: SignBook) => {
      keeper.saved = book;
    },
  };
  return keeper;
}

describe('the history of signs', () => {
  const nowMs = startMs + 40 * dayMs;
  const signal = new AbortController().signal;
  const old = startMs + 3 * dayMs + 600_000;
  const late = nowMs - 2 * hourMs - 700_000;
  const codes = (signs: { readonly xids: readonly { readonly atMs: number }[] }) => signs.xids.map(({ atMs }) => atMs);

  test('late ones are known at once, those of before when they were read, and none twice', async () => {
    const { api } = madeApi([old, late]);
    const history = await createSignHistory({ source, api, keeper: memoryKeeper(), log: quietLog });
    await history.readLate(nowMs, signal);
    expect(codes(history.signs())).toEqual([late]);
    await history.catchUp({ keepMs: startMs, fromMs: startMs, untilMs: nowMs, onProgress: () => undefined }, signal);
    await history.readLate(nowMs + 300_000, signal);
    expect(codes(history.signs())).toEqual([old, late]);
  });

  test('what was read before it failed, or was stopped, is not read again', async () => {
    const keeper = memoryKeeper();
    const broken = await createSignHistory({
      source,
      api: madeApi([old], startMs + 20 * dayMs).api,
      keeper,
      log: quietLog,
    });
    const shares: number[] = [];
    const span = {
      keepMs: startMs,
      fromMs: startMs,
      untilMs: nowMs,
      onProgress: (share: number) => shares.push(share),
    };
    await expect(broken.catchUp(span, signal)).rejects.toThrow('cannot be reached');
    expect(keeper.saved?.untilMs).toBe(startMs + 14 * dayMs);
    const { api, ends } = madeApi([old]);
    const next = await createSignHistory({ source, api, keeper, log: quietLog });
    expect(codes(next.signs())).toEqual([old]);
    await next.catchUp(span, signal);
    expect(Math.min(...ends)).toBeGreaterThan(startMs + 14 * dayMs);
    expect(codes(next.signs())).toEqual([old]);
    expect(shares.at(-1)).toBe(1);
  });

  test('signs outlive the memory of the server, within what is of use', async () => {
    const keeper = memoryKeeper();
    keeper.saved = { untilMs: nowMs - hourMs, signs: { ...emptySigns, xids: [xid(old - 10 * dayMs), xid(old)] } };
    const history = await createSignHistory({ source, api: madeApi([]).api, keeper, log: quietLog });
    const beginMs = nowMs - 15 * dayMs;
    await history.catchUp({ keepMs: startMs, fromMs: beginMs, untilMs: nowMs, onProgress: () => undefined }, signal);
    expect(codes(history.signs())).toEqual([old]);
  });
});
