import { sql } from 'kysely';
import type { CounterPart } from '../../../../exporters/billing/counters/counter-book.ts';
import { counterMigrations, createCounterStorage } from '../../../../exporters/billing/counters/counter-store.ts';
import { createCounters } from '../../../../exporters/billing/counters/counters.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { createStoreBench, engines } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const nowMs = Date.UTC(2026, 10, 16);
const dayMs = 86_400_000;
const labels = { tenant: 'search', cluster: 'c"1\\', resource: 'gpu_time', currency: 'EUR' };

function told(value: string, part = 'november', endMs = nowMs + dayMs): readonly CounterPart[] {
  return [{ counter: 'cost', part, endMs, values: [{ labels, value }] }];
}

describe.each(engines)('%s', (engine) => {
  let store: Store<unknown>;
  beforeAll(async () => {
    store = await bench.open<unknown>(engine, { migrations: counterMigrations });
  });

  /** Empty tables. */
  async function open() {
    await sql`truncate counter_total, counter_part`.execute(store.db);
    let leads = true;
    const fence = async (): Promise<void> => {
      if (!leads) throw new Error('this process does not lead');
    };
    const storage = createCounterStorage({ store, fence });
    const replica = (clock = nowMs) => createCounters({ storage, maxSeries: 10, nowMs: () => clock });
    return { storage, replica, lead: (is: boolean) => (leads = is) };
  }

  test('a restart goes on where the counters were, to the last digit', async () => {
    const { replica } = await open();
    await replica().tell(told('12345678901234567890.000000000000000001'));
    await replica().tell(told('12345678901234567889'));
    const after = replica();
    await after.refresh();
    expect(after.rows()).toEqual([
      { counter: 'cost', labels, up: '12345678901234567890.000000000000000001', down: '1.000000000000000001' },
    ]);
  });

  test('another replica shows what was stored, once it has read', async () => {
    const { replica } = await open();
    const leader = replica();
    const follower = replica();
    await leader.tell(told('5'));
    expect(follower.rows()).toEqual([]);
    await follower.refresh();
    expect(follower.rows()).toEqual(leader.rows());
  });

  test('what cannot be stored is not shown, and is told again later', async () => {
    const { replica, lead } = await open();
    const counters = replica();
    await counters.tell(told('5'));
    lead(false);
    await expect(counters.tell(told('8'))).rejects.toThrow('does not lead');
    expect(counters.rows()).toEqual([{ counter: 'cost', labels, up: '5', down: '0' }]);
    lead(true);
    await counters.tell(told('8'));
    expect(counters.rows()).toEqual([{ counter: 'cost', labels, up: '8', down: '0' }]);
  });

  test('a commit whose answer was lost counts, and once: another replica may have shown it', async () => {
    const { storage } = await open();
    let loses = true;
    const lossy = {
      load: storage.load,
      save: async (...given: Parameters<typeof storage.save>) => {
        await storage.save(...given);
        if (loses) throw new Error('the connection was lost');
      },
    };
    const counters = createCounters({ storage: lossy, maxSeries: 10, nowMs: () => nowMs });
    await expect(counters.tell(told('5'))).rejects.toThrow('lost');
    loses = false;
    await counters.tell(told('3'));
    expect(counters.rows()).toEqual([{ counter: 'cost', labels, up: '5', down: '2' }]);
  });

  test('what is told at once is counted one after the other', async () => {
    const { replica } = await open();
    const counters = replica();
    await Promise.all([counters.tell(told('5')), counters.tell(told('9')), counters.tell(told('7'))]);
    expect(counters.rows()).toEqual([{ counter: 'cost', labels, up: '9', down: '2' }]);
  });

  test('parts of more than 400 days ago are forgotten, and what they counted is not', async () => {
    const { storage, replica } = await open();
    await replica(nowMs - 400 * dayMs).tell(told('5', 'old', nowMs - 401 * dayMs));
    await replica().tell(told('1'));
    const { totals, parts } = await storage.load();
    expect(totals.map(({ up }) => up)).toEqual(['6']);
    expect(parts.map(({ part }) => part)).toEqual(['november']);
  });
});
