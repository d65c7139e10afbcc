import { csvLine, guarded } from '../../../exporters/billing/csv-line.ts';

test.each(['=1+1', '+1', '-x', '@x', '\tx'])('a spreadsheet shows %j as text', (text) => {
  expect(guarded(text)).toBe(`'${text}`);
});

test('numbers stay numbers, quotes are doubled, and what has a sign of CSV in it is quoted', () => {
  expect(csvLine(['-1.5', 'a"b', 'a,b', 'x\ny', ' z'].map(guarded))).toBe('-1.5,"a""b","a,b","x\ny"," z"\r\n');
});
