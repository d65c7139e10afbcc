import fc from 'fast-check';
import { readSavedEvents } from '../../../../../exporters/training/decoders/tfevents/saved-events.ts';
import { encodeEvent, eventFile, versionEvent } from '../../../../support/tfevents-writer.ts';
import { type Call, recorded } from './recorded.ts';

const events = [
  versionEvent(),
  encodeEvent({ step: 32, values: [{ tag: 'Train/Samples/train_loss', value: 2 }] }),
  encodeEvent({ step: 32, values: [{ tag: 'Train/Samples/lr', value: 0.1 }] }),
  encodeEvent({ step: 1, values: [{ tag: 'my/curve', value: 1, as: 'tensor-content', plugin: 'pr_curves' }] }),
  encodeEvent({ step: 2, values: [{ tag: 'my/curve', value: 1, as: 'tensor-content' }] }),
  encodeEvent({ step: 2, values: [{ tag: 'my/score', value: 1, as: 'tensor-content', plugin: 'scalars' }] }),
  encodeEvent({ step: 3, values: [{ tag: 'my/score', value: 2, as: 'tensor-content' }] }),
  encodeEvent({ step: 3, values: [{ tag: 'mfu(%)', value: 40 }] }),
  encodeEvent({ step: 64, values: [{ tag: 'Train/Samples/lr', value: 0.1 }] }),
];
const whole = eventFile(events);

test('goes on after a restart at any byte as if there had been none', () => {
  const once = recorded();
  once.decoder.push(whole);
  for (let cut = 0; cut <= whole.length; cut++) {
    const before = recorded();
    before.decoder.push(whole.subarray(0, cut));
    const saved: unknown = JSON.parse(JSON.stringify(before.decoder.save()));
    const after = recorded({ saved });
    after.decoder.push(whole.subarray(cut - before.decoder.pendingBytes()));
    expect([...before.calls, ...after.calls]).toEqual(once.calls);
  }
});

test('takes anything for a saved state', () => {
  const lookAlike = fc.record(
    { foreignTags: fc.anything(), framework: fc.anything(), samples: fc.anything() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), lookAlike), (saved) => {
      const { decoder, calls } = recorded({ saved });
      decoder.push(whole);
      expect(lossesOf(calls)).toBe(1);
    }),
  );
});

test('takes what fits of a damaged state', () => {
  expect(readSavedEvents({ foreignTags: ['a', 1, null, 'b'], framework: 'mine', samples: '7' })).toEqual({
    foreignTags: ['a', 'b'],
    framework: undefined,
    samples: undefined,
  });
  expect(readSavedEvents({ samples: Number.NaN }).samples).toBeUndefined();
  expect(readSavedEvents({ framework: 'nemo', samples: 7 })).toEqual({
    foreignTags: [],
    framework: 'nemo',
    samples: 7,
  });
});

test('takes no more of a state than is ever saved', () => {
  const short = Array.from({ length: 100_000 }, (_, index) => String(index));
  expect(readSavedEvents({ foreignTags: short }).foreignTags).toEqual(short.slice(0, 256));
  const long = Array.from({ length: 100 }, (_, index) => `${index}${'x'.repeat(1000)}`);
  expect(readSavedEvents({ foreignTags: long }).foreignTags).toEqual(long.slice(0, 16));
});

test('stays small with 100,000 tags that a plugin claims', () => {
  const { decoder } = recorded();
  for (let block = 0; block < 100; block++) {
    const values = Array.from({ length: 1000 }, (_, index) => ({
      tag: `my/histogram/${block}/${index}`,
      value: 1,
      as: 'tensor-content' as const,
      plugin: 'histograms',
    }));
    decoder.push(eventFile([encodeEvent({ step: 1, values })]));
  }
  expect(JSON.stringify(decoder.save()).length).toBeLessThan(32 * 1024);
});

function lossesOf(calls: readonly Call[]): number {
  return calls.filter(([name, quantity]) => name === 'value' && quantity === 'loss').length;
}
