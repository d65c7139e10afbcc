import { setImmediate as turn } from 'node:timers/promises';
import { createTurns } from '../../../../exporters/gpu/sources/simulated/turns.ts';

test('between the turns of two nodes others come to work', async () => {
  const turns = createTurns();
  const order: string[] = [];
  turns.take(() => order.push('first node'));
  turns.take(() => order.push('second node'));
  setImmediate(() => order.push('a scrape'));
  await turn();
  await turn();
  await turn();
  expect(order).toEqual(['first node', 'a scrape', 'second node']);
});

test('who asks during a turn gets one later, also after all others are done', async () => {
  const turns = createTurns();
  const order: number[] = [];
  turns.take(() => {
    order.push(1);
    turns.take(() => order.push(2));
  });
  for (let count = 0; count < 4; count++) await turn();
  turns.take(() => order.push(3));
  await turn();
  await turn();
  expect(order).toEqual([1, 2, 3]);
});
