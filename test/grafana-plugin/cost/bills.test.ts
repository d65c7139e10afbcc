import { lastBill, stateOf } from '../../../grafana-plugin/src/pages/cost/bills/bill';
import { fileName } from '../../../grafana-plugin/src/pages/cost/bills/bill-file';
import {
  billQuestion,
  billUrl,
  draftQuestion,
  explanationQuestion,
} from '../../../grafana-plugin/src/pages/cost/bills/bill-ref';
import { lastMonth } from '../../../grafana-plugin/src/pages/cost/bills/last-month';
import { readBill, readBillPage, readCorrections } from '../../../grafana-plugin/src/pages/cost/bills/read-bills';
import { holderText, readExplanation } from '../../../grafana-plugin/src/pages/cost/bills/read-explanation';
import bill from '../../fixtures/grafana-plugin/billing/bill.json';
import list from '../../fixtures/grafana-plugin/billing/bills.json';
import corrections from '../../fixtures/grafana-plugin/billing/corrections.json';
import draft from '../../fixtures/grafana-plugin/billing/draft.json';
import explanation from '../../fixtures/grafana-plugin/billing/explanation.json';

const { bills } = readBillPage(list);

test('a bill that a later one corrects is told apart from the others', () => {
  expect(bills.map((each) => [each.number, stateOf(each, bills)])).toEqual([
    ['SIM-2026-000005', 'correction'],
    ['SIM-2026-000004', 'closed'],
    ['SIM-2026-000003', 'closed'],
    ['SIM-2026-000002', 'closed'],
    ['SIM-2026-000001', 'corrected'],
  ]);
});

test('the last bill of a tenant is no correction', () => {
  expect(lastBill('team-a', bills)?.number).toBe('SIM-2026-000001');
  expect(lastBill('demo', bills)).toBeUndefined();
});

const app = '/a/fleetlens-gpucluster-app/cost';

test("last month's bill is the closed one, and before it is closed what is owed for the month", () => {
  const [running] = readBillPage(draft).bills;
  expect(lastMonth('team-a', bills, running?.period_name)).toEqual({
    url: `${app}/bill/SIM-2026-000001`,
    text: "Last month's bill: 6,328.78 EUR",
  });
  expect(lastMonth('team-a', bills, '2026-12')?.url).toBe(`${app}/draft/team-a/2026-11`);
  expect(lastMonth('demo', [], undefined)).toBeUndefined();
});

test('names that need it are escaped, in pages and in questions', () => {
  const ref = { tenant: 'a/b ü', period: '2026-11' };
  expect(billUrl(ref)).toBe(`${app}/draft/a%2Fb%20%C3%BC/2026-11`);
  expect(billQuestion(ref)).toMatchObject({
    path: '/api/v1/tenants/a%2Fb%20%C3%BC/draft',
    params: { period: '2026-11', format: 'json' },
  });
  expect(explanationQuestion({ number: 'EX-1' }, 'usage|a b', 20)).toMatchObject({
    path: '/api/v1/bills/EX-1/explain',
    params: { line: 'usage|a b', limit: 20 },
  });
  expect(draftQuestion('a/b').params).toEqual({ tenant: 'a/b', state: 'draft' });
});

test('a file name is one, whatever the tenant is called', () => {
  expect(fileName({ tenant: '../team a', period: '2026-11' }, 'pdf')).toBe('bill-..-team-a-2026-11-draft.pdf');
  expect(fileName({ number: 'SIM-2026-000001' }, 'csv')).toBe('bill-SIM-2026-000001.csv');
});

test('answers of billing are read as they are', () => {
  expect(readBill(bill).lines.map(({ amount }) => amount)).toEqual(['2.32', '0.07', '6249.60']);
  expect(readCorrections(corrections)).toMatchObject({ corrections: [{ total: '-1.01' }], pending: undefined });
  const { rows } = readExplanation(explanation);
  expect(rows.map(holderText)[0]).toMatch(/^[\w-]+ \/ [\w-]+ \/ [\w-]+$/);
});

test.each([
  ['a list that is none', () => readBillPage({ bills: 7 }), 'the answer has no list of bills'],
  ['nothing', () => readBillPage(null), 'the answer is no object'],
  ['money as a number', () => readBill({ ...bill, total: 6328.78 }), 'total of a bill is no text'],
  ['an unknown state', () => readBill({ ...bill, state: 'paid' }), 'a bill is neither draft nor closed'],
  ['a line without steps', () => readBill({ ...bill, lines: [{ ...bill.lines[0], steps: 1 }] }), 'how it was reckoned'],
  ['no rows', () => readExplanation({}), 'the answer has no rows of the ledger'],
])('%s is refused with a word about what is wrong', (_name, read, message) => {
  expect(read).toThrow(message);
});
