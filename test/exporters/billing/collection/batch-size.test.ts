import { createBatchSize } from '../../../../exporters/billing/collection/batch-size.ts';

const settings = { windowsAtOnce: 6, mostWindowsAtOnce: 48, samplesAtOnce: 1_000_000 };

test('where windows are small more of them are read at once, twice as many each time', () => {
  const batch = createBatchSize(settings);
  const sizes = Array.from({ length: 5 }, () => {
    const windows = batch.now();
    batch.learn({ windows, samples: windows * 1000 });
    return windows;
  });
  expect(sizes).toEqual([6, 12, 24, 48, 48]);
});

test('where windows are large fewer are, and one at least', () => {
  const batch = createBatchSize(settings);
  batch.learn({ windows: 6, samples: 3_000_000 });
  expect(batch.now()).toBe(2);
  batch.learn({ windows: 2, samples: 9_000_000 });
  expect(batch.now()).toBe(1);
  batch.learn({ windows: 1, samples: 300_000 });
  expect(batch.now()).toBe(2);
});

test('what could not be read says nothing', () => {
  const batch = createBatchSize(settings);
  batch.learn({ windows: 6, samples: 0 });
  batch.learn({ windows: 0, samples: 0 });
  expect(batch.now()).toBe(6);
});
