import { xidClasses, xidClassOf } from '../../../../metrics/xid.ts';
import { skewMs } from '../../labels/sign-time.ts';
import { xidRoleOf } from '../../labels/xid-roles.ts';
import type { EntityFacts } from '../facts.ts';
import type { RuleHit } from '../risk.ts';
import { sources } from './rule.ts';

/** An XID that nobody answered within a week is no news; what it left behind has rules of its own. */
const windowMs = 7 * 86_400_000;

/** Each XID that came since the entity is in service and within a week, the newest of a code. Those of user code say nothing. */
export function xidRules(facts: EntityFacts): readonly RuleHit[] {
  const newest = new Map<number, number>();
  for (const { code, atMs } of facts.xids ?? []) {
    if (isOfNow(atMs, facts)) newest.set(code, Math.max(newest.get(code) ?? 0, atMs));
  }
  return [...newest].sort(([a], [b]) => a - b).flatMap(([code, atMs]) => hitOf(code, facts.atMs - atMs) ?? []);
}

function isOfNow(atMs: number, facts: EntityFacts): boolean {
  const since = Math.max(facts.inServiceSinceMs ?? 0, facts.atMs - windowMs);
  return atMs >= since && atMs <= facts.atMs + skewMs;
}

function hitOf(code: number, agoMs: number): RuleHit | undefined {
  const role = xidRoleOf(code);
  const name = xidClassOf(code);
  if (role === 'none' || name === undefined) return undefined;
  const { action, meaning } = xidClasses[name];
  return {
    rule: `xid_${code}`,
    severity: role === 'failure' ? 'act_now' : 'raised_risk',
    sentence: `XID ${code} ${agoText(agoMs)}: ${meaning}`,
    action,
    source: sources.xid,
  };
}

function agoText(agoMs: number): string {
  const minutes = Math.max(0, Math.round(agoMs / 60_000));
  if (minutes < 120) return `${minutes} minutes ago`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours ago` : `${Math.round(minutes / 1440)} days ago`;
}
