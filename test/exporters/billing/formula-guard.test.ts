import { guarded } from '../../../exporters/billing/formula-guard.ts';

test.each(['=1+1', '+1', '-x', '@x', '\tx'])('a spreadsheet shows %j as text', (text) => {
  expect(guarded(text)).toBe(`'${text}`);
});

test.each(['-1.5', '-7', '0.25', 'a=b', ''])('%j stays as it is', (text) => {
  expect(guarded(text)).toBe(text);
});
