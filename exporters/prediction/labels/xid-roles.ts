import { type XidClass, xidClassOf } from '../../../metrics/xid.ts';

/**
 * What an XID means for labels. `failure`: the GPU needs a reset, a reboot or a person at the hardware, so it leaves service. `raised_risk`: a sign
 * that a failure may come, none by itself. `none`: says nothing about the hardware.
 */
export type XidRole = 'failure' | 'raised_risk' | 'none';

/** User code makes them: they are never a label, whatever the table of XIDs says. */
export const userCodeXids: readonly number[] = [13, 31, 43, 45];

const roleOfClass: Readonly<Record<XidClass, XidRole>> = {
  'restart-node': 'failure',
  'reset-gpu': 'failure',
  memory: 'raised_risk',
  'contained-memory': 'raised_risk',
  nvlink: 'raised_risk',
  'recovery-action': 'raised_risk',
  application: 'none',
  manual: 'none',
  ignore: 'none',
};

/** Of single codes, where the class tells what to do and not whether the hardware is at fault. */
const roleOfCode: ReadonlyMap<number, XidRole> = new Map([
  // The power plug of the board is not in: nothing but a person brings it back.
  [54, 'failure'],
  // A row was remapped, and many single-bit errors: both come before worse.
  [63, 'raised_risk'],
  [92, 'raised_risk'],
]);

export function xidRoleOf(code: number): XidRole {
  if (userCodeXids.includes(code)) return 'none';
  const own = roleOfCode.get(code);
  if (own !== undefined) return own;
  const name = xidClassOf(code);
  return name === undefined ? 'none' : roleOfClass[name];
}
