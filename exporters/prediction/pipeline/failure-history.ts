import type { Incident, RiskEvent } from '../labels/incident.ts';
import { type Absence, lostSigns } from '../labels/lost-signs.ts';
import { incidentsOf } from '../labels/merge-signs.ts';
import type { OutOfService } from '../labels/out-of-service.ts';
import { type RemapSample, remapSigns } from '../labels/remap-signs.ts';
import { riskEventsOf } from '../labels/risk-events.ts';
import type { Signs } from '../labels/sign.ts';
import { type StateChange, stateSigns } from '../labels/state-signs.ts';
import { type XidEvent, xidRiskEvents, xidSigns } from '../labels/xid-signs.ts';

/** What was seen of failures; what `readLabelSigns` gives is one. */
export interface SignRecords {
  readonly xids?: readonly XidEvent[] | undefined;
  readonly absences?: readonly Absence[] | undefined;
  readonly remaps?: readonly RemapSample[] | undefined;
  readonly states?: readonly StateChange[] | undefined;
  /** Of `readTickets`. */
  readonly tickets?: Signs | undefined;
}

/** Failures of a fleet. */
export interface FailureHistory {
  readonly incidents: readonly Incident[];
  /** Signs of raised risk that are no failure. */
  readonly raised: readonly RiskEvent[];
  /** Both as events, ascending: what the rate model and the features hear of. */
  readonly events: readonly RiskEvent[];
  readonly outOfService: readonly OutOfService[];
  /** What was left out, in words. */
  readonly problems: readonly string[];
  /** Up to here failures are known. */
  readonly nowMs: number;
}

export function failureHistoryOf(records: SignRecords, nowMs: number): FailureHistory {
  const states = stateSigns(records.states ?? [], nowMs);
  const all: readonly Signs[] = [
    xidSigns(records.xids ?? [], nowMs),
    lostSigns(records.absences ?? [], nowMs),
    remapSigns(records.remaps ?? [], nowMs),
    states,
    records.tickets ?? { signs: [], problems: [] },
  ];
  const incidents = incidentsOf(all.flatMap(({ signs }) => signs));
  const raised = xidRiskEvents(records.xids ?? [], nowMs);
  return {
    incidents,
    raised,
    events: riskEventsOf(incidents, raised),
    outOfService: states.outOfService,
    problems: all.flatMap(({ problems }) => problems),
    nowMs,
  };
}
