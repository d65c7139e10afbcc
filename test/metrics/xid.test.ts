import { xidClasses, xidClassOf, xidCodesThatStopCalls } from '../../metrics/xid.ts';

test('every code of the table has its class, and only one', () => {
  const codes = Object.entries(xidClasses).flatMap(([name, { codes: ofClass }]) =>
    [...ofClass].map((code): readonly [number, string] => [code, name]),
  );
  expect(new Set(codes.map(([code]) => code)).size).toBe(codes.length);
  expect(codes.map(([code]) => [code, xidClassOf(code)])).toEqual(codes);
});

test('a code that the table does not name has none', () => {
  expect(xidClassOf(1234)).toBeUndefined();
});

test('a GPU is left alone after codes that only a reset or a reboot clears', () => {
  expect(new Set(xidCodesThatStopCalls.map(xidClassOf))).toEqual(new Set(['restart-node', 'reset-gpu']));
});
