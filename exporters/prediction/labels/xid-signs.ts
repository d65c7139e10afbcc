import { type Entity, keyOfEntity } from '../entity.ts';
import type { RiskEvent } from './incident.ts';
import type { FailureSign, Signs } from './sign.ts';
import { heldBack, timeProblem } from './sign-time.ts';
import { xidRoleOf } from './xid-roles.ts';

export interface XidEvent {
  readonly entity: Entity;
  /** ms since 1970; of the sample that showed it. */
  readonly atMs: number;
  readonly code: number;
}

/** Of a sign that is no failure: less than the 1 of an incident. Not measured by anyone; ours. */
export const raisedRiskWeight = 0.3;

/** XIDs after which a GPU needs a reset, a reboot or a person. Those of user code never count. */
export function xidSigns(events: readonly XidEvent[], nowMs: number): Signs {
  const signs: FailureSign[] = [];
  const problems: string[] = [];
  for (const { entity, atMs, code } of events) {
    if (xidRoleOf(code) !== 'failure') continue;
    const problem = timeProblem(atMs, nowMs);
    if (problem !== undefined) problems.push(`XID ${code} of ${keyOfEntity(entity)} ${problem}; it is left out`);
    else signs.push({ entity, startMs: heldBack(atMs, nowMs), endMs: undefined, kind: `xid_${code}`, source: 'xid' });
  }
  return { signs, problems };
}

/** XIDs that raise the risk and are no failure, such as 48, 63 and 94. Those with an impossible time are left out as in `xidSigns`. */
export function xidRiskEvents(events: readonly XidEvent[], nowMs: number): readonly RiskEvent[] {
  return events
    .filter(({ code, atMs }) => xidRoleOf(code) === 'raised_risk' && timeProblem(atMs, nowMs) === undefined)
    .map(({ entity, atMs, code }) => ({
      entity,
      atMs: heldBack(atMs, nowMs),
      kind: `xid_${code}`,
      weight: raisedRiskWeight,
    }));
}
