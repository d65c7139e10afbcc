import { createGrowingList } from '../../../../../exporters/gpu/sources/nvml/growing-list.ts';

const insufficientSize = 7;

/** A driver that lists as many entries of 4 bytes as `lengths` says, call by call, and tells of the room that it was given. */
function driverWith(lengths: readonly number[]) {
  const rooms: number[] = [];
  return {
    rooms,
    call(count: Buffer, entries: Buffer): number {
      const room = count.readUInt32LE();
      const length = lengths[rooms.length] ?? lengths.at(-1) ?? 0;
      rooms.push(room);
      count.writeUInt32LE(length);
      if (length > room) return insufficientSize;
      for (let index = 0; index < length; index += 1) entries.writeUInt32LE(index + 1, 4 * index);
      return 0;
    },
  };
}

test('a list that fits is read in one call', () => {
  const driver = driverWith([3]);
  const { code, count, entries } = createGrowingList(4, 100).fill(4, driver.call);
  expect([code, count, entries.readUInt32LE(8)]).toEqual([0, 3, 3]);
  expect(driver.rooms).toHaveLength(1);
});

test('there is room for more than twice what the driver told, and it is kept', () => {
  const driver = driverWith([30]);
  const list = createGrowingList(4, 1000);
  expect(list.fill(4, driver.call).count).toBe(30);
  expect(list.fill(4, driver.call).count).toBe(30);
  expect(driver.rooms).toEqual([16, 65, 65]);
});

test('room grows also when the driver does not tell by how much', () => {
  const rooms: number[] = [];
  const answer = createGrowingList(4, 1000).fill(4, (count) => {
    rooms.push(count.readUInt32LE());
    return insufficientSize;
  });
  expect(answer).toMatchObject({ code: insufficientSize, count: 0 });
  expect(rooms).toEqual([16, 37, 79, 163, 331]);
});

test('a list that is too long is not asked for again with the same room', () => {
  const driver = driverWith([200]);
  expect(createGrowingList(4, 100).fill(4, driver.call)).toMatchObject({ code: insufficientSize, count: 0 });
  expect(driver.rooms).toEqual([16, 100]);
});

test('what a longer list left behind is gone', () => {
  const list = createGrowingList(4, 100);
  list.fill(4, driverWith([10]).call);
  const { entries } = list.fill(4, driverWith([2]).call);
  expect(entries.subarray(8).every((byte) => byte === 0)).toBe(true);
});

test('there is memory for the largest entries behind those that the call believes in', () => {
  createGrowingList(32, 100).fill(24, (count, entries) => {
    const room = count.readUInt32LE();
    expect(entries).toHaveLength(24 * room);
    expect(entries.buffer.byteLength - entries.byteOffset).toBeGreaterThanOrEqual(32 * room);
    return 0;
  });
  expect.assertions(2);
});

test('another failure has no entries, whatever the driver wrote', () => {
  const answer = createGrowingList(4, 100).fill(4, (count) => {
    count.writeUInt32LE(5);
    return 999;
  });
  expect(answer).toMatchObject({ code: 999, count: 0 });
});

test('a driver that tells of more entries than it was given room for is not believed', () => {
  const answer = createGrowingList(4, 100).fill(4, (count) => {
    count.writeUInt32LE(1_000_000);
    return 0;
  });
  expect(answer).toMatchObject({ code: 0, count: 16 });
});
