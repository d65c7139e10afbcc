import { createFieldBatch, field } from '../../../../../exporters/gpu/sources/nvml/fields.ts';

const count = { id: 3, scope: 0, isWide: true } as const;
const temperature = field(82);
const energy = field(83);
const traffic = field(138, 2);

/** Writes each entry as nvmlDeviceGetFieldValues would; the offsets are those of nvmlFieldValue_t. */
function fillWith(write: (entry: Buffer, id: number) => void, retryAfterFills = 100) {
  const batch = createFieldBatch([count, temperature, energy, traffic], { retryAfterFills });
  const asked: number[][] = [];
  function fill(): void {
    batch.fill((count, entries) => {
      const parts = [...Array(count).keys()].map((position) => entries.subarray(position * 40, position * 40 + 40));
      asked.push(parts.map((entry) => entry.readUInt32LE(0)));
      for (const entry of parts) write(entry, entry.readUInt32LE(0));
      return 0;
    });
  }
  fill();
  return { batch, fill, asked };
}

function succeed(entry: Buffer, type: number): void {
  entry.writeBigInt64LE(1_700_000_000_000_000n, 8);
  entry.writeUInt32LE(type, 24);
  entry.writeUInt32LE(0, 28);
}

test.each([
  ['double', 0, (entry: Buffer) => entry.writeDoubleLE(1.5, 32), 1.5],
  ['unsigned int', 1, (entry: Buffer) => entry.writeUInt32LE(4_294_967_295, 32), 4_294_967_295],
  ['unsigned long', 2, (entry: Buffer) => entry.writeBigUInt64LE(5_000_000_000n, 32), 5_000_000_000],
  ['unsigned long long', 3, (entry: Buffer) => entry.writeBigUInt64LE(5_000_000_000n, 32), 5_000_000_000],
  ['signed long long', 4, (entry: Buffer) => entry.writeBigInt64LE(-5n, 32), -5],
  ['signed int', 5, (entry: Buffer) => entry.writeInt32LE(-5, 32), -5],
  ['unsigned short', 6, (entry: Buffer) => entry.writeUInt16LE(65_535, 32), 65_535],
])('reads a value of type %s', (_, type, write, expected) => {
  const { batch } = fillWith((entry) => {
    succeed(entry, type);
    write(entry);
  });
  expect(batch.answer(temperature)).toBe(expected);
});

test('a value of a type that is not known is no value', () => {
  const { batch } = fillWith((entry) => succeed(entry, 77));
  expect(batch.answer(energy)).toBe('unsupported');
});

test('an entry whose return code was not written is no value', () => {
  const { batch } = fillWith((entry) => entry.writeBigInt64LE(1n, 8));
  expect(batch.answer(count)).toBe('unsupported');
});

test('fields that the GPU turned down are not asked for again, those that failed are', () => {
  const { batch, fill, asked } = fillWith((entry, id) => {
    succeed(entry, 3);
    if (id === temperature.id) entry.writeUInt32LE(3, 28);
    if (id === traffic.id) entry.writeUInt32LE(2, 28);
    if (id === energy.id) entry.writeUInt32LE(10, 28);
  });
  expect(batch.answer(energy)).toEqual({ code: 10 });
  fill();
  expect(asked).toEqual([
    [3, 82, 83, 138],
    [3, 83],
  ]);
});

test('fields that were turned down are asked for again after the given number of fills, also if all were', () => {
  const { fill, asked } = fillWith((entry) => entry.writeUInt32LE(3, 28), 3);
  for (let again = 2; again <= 7; again += 1) fill();
  const all = [3, 82, 83, 138];
  expect(asked).toEqual([all, all, all]);
});

test('a field that comes after it was turned down is read', () => {
  let isThere = false;
  const { batch, fill } = fillWith((entry) => {
    succeed(entry, 3);
    if (!isThere) entry.writeUInt32LE(3, 28);
    entry.writeBigUInt64LE(7n, 32);
  }, 2);
  isThere = true;
  fill();
  expect(batch.answer(traffic)).toBe('unsupported');
  fill();
  expect(batch.answer(traffic)).toBe(7);
});

test('asks with the scope of the field, and tells fields of one id apart', () => {
  const [first, second] = [field(138, 0), field(138, 1)];
  const batch = createFieldBatch([first, second], { retryAfterFills: 100 });
  batch.fill((_count, entries) => {
    for (const at of [0, 40]) {
      const entry = entries.subarray(at, at + 40);
      succeed(entry, 3);
      entry.writeBigUInt64LE(BigInt(100 + entry.readUInt32LE(4)), 32);
    }
    return 0;
  });
  expect([batch.answer(first), batch.answer(second)]).toEqual([100, 101]);
});

test('a wide field has 64 bits whatever the driver says', () => {
  const { batch } = fillWith((entry) => {
    succeed(entry, 1);
    entry.writeBigUInt64LE(5_000_000_000n, 32);
  });
  expect([batch.answer(count), batch.answer(temperature)]).toEqual([5_000_000_000, 5_000_000_000 % 2 ** 32]);
});
