import { createClimb } from '../../../../exporters/cmdb/place/climb.ts';

test('each item is looked at once, on a ring too', () => {
  const looked: number[] = [];
  const climb = createClimb('none', (id, find) => {
    looked.push(id);
    return id === 3 ? `${find(1)}!` : find(id + 1);
  });
  expect([climb(1), climb(2), climb(1)]).toEqual(['none!', 'none!', 'none!']);
  expect(looked).toEqual([1, 2, 3]);
});

test('what was found to be undefined is not looked for again', () => {
  let looks = 0;
  const climb = createClimb<string | undefined>(undefined, () => {
    looks++;
    return undefined;
  });
  expect([climb(1), climb(1), looks]).toEqual([undefined, undefined, 1]);
});
