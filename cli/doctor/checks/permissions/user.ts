import { type Capabilities, readCapabilities } from '../../capabilities.ts';
import type { Check } from '../../check.ts';
import { counted } from '../../counted.ts';
import { type Finding, notApplicable, ok } from '../../finding.ts';

export const user: Check = {
  name: 'user',
  title: 'user',
  group: 'permissions',
  run: async ({ ownStatusFile, userId }) => judgeUser(userId, await readCapabilities(ownStatusFile)),
};

export function judgeUser(userId: number | undefined, capabilities: Capabilities | undefined): Finding {
  if (userId === undefined) return notApplicable('this system has no user ids');
  const who = userId === 0 ? 'root' : `user ${userId}`;
  if (capabilities === undefined) return ok(who);
  const { number, has } = capabilities;
  const what = number === 0 ? 'no capabilities' : counted(number, 'capability', 'capabilities');
  const syslog = `${has.syslog ? 'with' : 'without'} SYSLOG`;
  const admin = has.sysAdmin ? '; it has SYS_ADMIN, which is not needed' : '';
  return ok(`${who}, ${what}, ${syslog}${admin}`);
}
