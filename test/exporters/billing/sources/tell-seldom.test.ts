import { tellSeldom } from '../../../../exporters/billing/sources/tell-seldom.ts';

test('the same text once an hour, others at once', () => {
  let now = 0;
  const told: string[] = [];
  const tell = tellSeldom(
    (text) => told.push(text),
    () => now,
  );
  for (const text of ['a', 'b', 'a']) tell(text);
  now = 3_599_999;
  tell('a');
  expect(told).toEqual(['a', 'b']);
  now = 3_600_000;
  tell('a');
  expect(told).toEqual(['a', 'b', 'a']);
});

test('of very many texts the oldest are forgotten', () => {
  const told: string[] = [];
  const tell = tellSeldom(
    (text) => told.push(text),
    () => 0,
  );
  for (let index = 0; index <= 1000; index += 1) tell(`${index}`);
  tell('1');
  tell('0');
  expect(told.length).toBe(1002);
  expect(told.at(-1)).toBe('0');
});
