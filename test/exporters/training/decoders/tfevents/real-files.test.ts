import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Quantity, quantityNames } from '../../../../../exporters/training/schema/quantities.ts';
import type { TagMap } from '../../../../../exporters/training/schema/tag-map.ts';
import { recorded } from './recorded.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'tfevents');

interface Expected {
  readonly sessionStarts: readonly { readonly step: number; readonly time: number }[];
  readonly scalars: readonly {
    readonly tag: string;
    readonly step: number;
    readonly time: number;
    /** As text if it is not finite. */
    readonly value: number | string;
  }[];
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<Record<string, Expected>>;
const files = readdirSync(folder).filter((name) => name.endsWith('.tfevents'));

test('there is an expectation for each file', () => {
  expect(Object.keys(expected).sort()).toEqual(files.sort());
  expect(files.length).toBeGreaterThan(10);
});

test.each(files)('reads from %s what TensorBoard reads', (file) => {
  const tags = numbered();
  const { decoder, calls, problems } = recorded({ tags: tags.map });
  decoder.push(readFileSync(join(folder, file)));
  expect(problems).toEqual([]);
  const starts = calls.filter(([name]) => name === 'sessionStart').map(([, moment]) => moment);
  expect(starts[0]).toEqual({ timeSeconds: expect.any(Number) });
  expect(starts.filter((moment) => Object.hasOwn(moment as object, 'step'))).toEqual(
    expected[file]?.sessionStarts.map(({ step, time }) => ({ step, timeSeconds: time })),
  );
  expect(calls.filter(([name]) => name === 'value')).toEqual(
    expected[file]?.scalars.map(({ tag, step, time, value }) => [
      'value',
      tags.quantityOf(tag),
      Number(value),
      step,
      time,
    ]),
  );
});

test('a file whose writer was killed ends within a record', () => {
  const { decoder } = recorded();
  decoder.push(readFileSync(join(folder, 'tensorflow-killed.tfevents')));
  expect(decoder.pendingBytes()).toBe(16);
});

/** Gives each tag a quantity of its own, so that calls tell the tags apart. */
function numbered(): { readonly map: TagMap; readonly quantityOf: (tag: string) => Quantity | undefined } {
  const numbers = new Map<string, number>();
  const quantityOf = (tag: string): Quantity | undefined => {
    const number = numbers.get(tag) ?? numbers.size;
    numbers.set(tag, number);
    return quantityNames[number];
  };
  return {
    map: {
      resolve: (tag) => ({ quantity: quantityOf(tag), scale: 1, axis: 'steps', framework: undefined }),
      isAllowed: () => false,
    },
    quantityOf,
  };
}
