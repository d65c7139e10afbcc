import {
  boostedDefaults,
  forestDefaults,
  logisticDefaults,
} from '../../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../../exporters/prediction/learning/train.ts';
import { trainInThreads } from '../../../../exporters/prediction/store/train-in-threads.ts';
import { riskRows } from '../../../support/risk-rows.ts';

/** Enough cells for threads to share the work. */
const large = riskRows({ rows: 26_000, columns: 40 });
const small = riskRows({ rows: 500, columns: 3 });

test('the model is the same in this thread, in one and in three', async () => {
  const settings = { ...boostedDefaults, trees: 3, leaves: 6, rowShare: 0.9 };
  const input = { matrix: large, settings, seed: 4 };
  const here = train(input);
  expect(await trainInThreads(input, { threads: 1 })).toEqual(here);
  expect(await trainInThreads(input, { threads: 3 })).toEqual(here);
});

test('it tells each tree, and leaves the rows that were given as they are', async () => {
  const before = small.values.slice();
  const seen: string[] = [];
  const settings = { ...forestDefaults, trees: 4, leaves: 8, negativeShare: 0.5 };
  const body = await trainInThreads(
    { matrix: small, settings, seed: 1 },
    { onTree: (trees, of) => seen.push(`${trees}/${of}`) },
  );
  expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4']);
  expect(body).toEqual(train({ matrix: small, settings, seed: 1 }));
  expect(small.values).toEqual(before);
});

test('logistic regression runs in a thread too', async () => {
  const input = { matrix: small, settings: logisticDefaults, seed: 1 };
  expect(await trainInThreads(input)).toEqual(train(input));
});

test('an abort ends it with its reason', async () => {
  const abort = new AbortController();
  const settings = { ...boostedDefaults, trees: 10_000, minRows: 5 };
  const training = trainInThreads(
    { matrix: small, settings, seed: 1 },
    { signal: abort.signal, onTree: (trees) => trees === 2 && abort.abort(new Error('the daemon stops')) },
  );
  await expect(training).rejects.toThrow('the daemon stops');
  await expect(trainInThreads({ matrix: small, settings, seed: 1 }, { signal: abort.signal })).rejects.toThrow(
    'the daemon stops',
  );
});

test('rows of one class are refused before a thread is started', async () => {
  const quiet = { ...small, labels: new Uint8Array(small.rows) };
  await expect(trainInThreads({ matrix: quiet, settings: boostedDefaults, seed: 1 })).rejects.toThrow(
    'none of the 500 training rows failed',
  );
});
