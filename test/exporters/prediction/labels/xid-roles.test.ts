import { userCodeXids, xidRoleOf } from '../../../../exporters/prediction/labels/xid-roles.ts';

test.each([79, 151, 46, 62, 64, 95, 109, 119, 120, 140, 54])('XID %d is a failure', (code) => {
  expect(xidRoleOf(code)).toBe('failure');
});

test.each([48, 63, 94, 92, 74, 154, 171])('XID %d raises the risk', (code) => {
  expect(xidRoleOf(code)).toBe('raised_risk');
});

test.each([13, 31, 43, 45, 8, 68, 78, 106, 999])('XID %d says nothing', (code) => {
  expect(xidRoleOf(code)).toBe('none');
});

test('those of user code are never a label', () => {
  expect(userCodeXids).toEqual([13, 31, 43, 45]);
  expect(userCodeXids.map(xidRoleOf)).toEqual(['none', 'none', 'none', 'none']);
});
