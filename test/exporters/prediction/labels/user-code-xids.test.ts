import { xidRoleOf } from '../../../../exporters/prediction/labels/xid-roles.ts';

jest.mock('../../../../metrics/xid.ts', () => ({ xidClassOf: () => 'reset-gpu' }));

test('XIDs of user code are no failures even if a table says that they need a reset', () => {
  expect(xidRoleOf(95)).toBe('failure');
  expect([13, 31, 43, 45].map(xidRoleOf)).toEqual(['none', 'none', 'none', 'none']);
});
