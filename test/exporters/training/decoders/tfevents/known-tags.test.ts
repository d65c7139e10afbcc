import { createKnownTags } from '../../../../../exporters/training/decoders/tfevents/known-tags.ts';
import { tagMap } from './recorded.ts';

function knownTags() {
  const looked: string[] = [];
  const known = createKnownTags({
    tags: {
      resolve: (tag) => {
        looked.push(tag);
        return tagMap.resolve(tag);
      },
      isAllowed: tagMap.isAllowed,
    },
    foreignTags: [],
  });
  return { looked, of: (tag: string) => known.of(Buffer.from(`>${tag}<`), 1, 1 + Buffer.byteLength(tag)), known };
}

test('knows tags in any order', () => {
  const { looked, of } = knownTags();
  for (const tag of ['loss', 'b', 'c', 'b', 'loss', 'c', 'c', 'loss', '']) expect(of(tag)?.name).toBe(tag);
  expect(looked).toEqual(['loss', 'b', 'c', '']);
});

test('tells tags with the same hash apart', () => {
  // Two words with the same FNV-1a hash of 32 bits.
  const { of } = knownTags();
  expect(of('costarring')?.name).toBe('costarring');
  expect(of('liquid')?.name).toBe('liquid');
  expect(of('costarring')?.name).toBe('costarring');
});

test('remembers a bounded number of tags, and finds all others anew', () => {
  const { looked, of } = knownTags();
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 100_000; index++) of(`my/${index}`);
  }
  const remembered = 200_000 - looked.length;
  expect(remembered).toBeGreaterThan(1000);
  expect(remembered).toBeLessThan(5000);
  expect(of('my/99999')).toEqual({ name: 'my/99999', target: undefined, isAllowed: true, isForeign: false });
});

test('remembers a bounded number of bytes', () => {
  const { looked, of } = knownTags();
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 1000; index++) of(`${index}${'x'.repeat(1000)}`);
  }
  expect(2000 - looked.length).toBeLessThan(300);
});

test('remembers a bounded number of tags that plugins claim, and none that nobody would see', () => {
  const { of, known } = knownTags();
  for (let index = 0; index < 1000; index++) {
    for (const tag of [of(`my/${index}`), of(`other/${index}`), of('lm loss vs samples')]) {
      if (tag !== undefined) known.claim(tag, false);
    }
  }
  expect(known.foreignTags()).toEqual(Array.from({ length: 256 }, (_, index) => `my/${index}`));
});

test('a tag that is too long is not known', () => {
  const { looked, of } = knownTags();
  expect(of('x'.repeat(1025))).toBeUndefined();
  expect(of('x'.repeat(1024))?.name).toHaveLength(1024);
  expect(looked).toHaveLength(1);
});
