import { byEntity } from '../by-entity.ts';
import { keyOfEntity } from '../entity.ts';
import { type Incident, incidentSources } from './incident.ts';
import { mergeMs } from './out-of-service.ts';
import type { FailureSign } from './sign.ts';

/**
 * Signs of one failure become one incident: those of an entity that begin less than 72 h after the sign before, or while it is not back in service.
 * An incident starts with its first sign, which also names it. The order of the signs makes no difference. Ascending by start, then by entity.
 */
export function incidentsOf(signs: readonly FailureSign[], withinMs = mergeMs): readonly Incident[] {
  const incidents: Incident[] = [];
  for (const own of byEntity(signs).values()) {
    let group: FailureSign[] = [];
    let reachMs = Number.NEGATIVE_INFINITY;
    for (const sign of own.toSorted(compareSigns)) {
      if (group.length > 0 && sign.startMs >= reachMs) {
        incidents.push(incidentOf(group));
        group = [];
        reachMs = Number.NEGATIVE_INFINITY;
      }
      group.push(sign);
      reachMs = Math.max(reachMs, sign.startMs + withinMs, sign.endMs ?? 0);
    }
    incidents.push(incidentOf(group));
  }
  return incidents.sort(compareIncidents);
}

function compareIncidents(a: Incident, b: Incident): number {
  return a.startMs - b.startMs || compareTexts(keyOfEntity(a.entity), keyOfEntity(b.entity));
}

/** Of signs of one moment, the source that knows best what it was comes first. */
function compareSigns(a: FailureSign, b: FailureSign): number {
  return (
    a.startMs - b.startMs ||
    incidentSources.indexOf(a.source) - incidentSources.indexOf(b.source) ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.entity.node, b.entity.node)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function incidentOf(group: readonly FailureSign[]): Incident {
  const [first] = group;
  if (first === undefined) throw new RangeError('an incident needs a sign');
  const ends = group.flatMap(({ endMs }) => endMs ?? []);
  const lastEndMs = ends.length === 0 ? undefined : Math.max(...ends);
  const isOpen = lastEndMs === Number.POSITIVE_INFINITY;
  return {
    entity: first.entity,
    startMs: first.startMs,
    endMs: isOpen ? undefined : lastEndMs,
    isOpen,
    lastSeenMs: group.at(-1)?.startMs,
    kind: first.kind,
    sources: incidentSources.filter((source) => group.some((sign) => sign.source === source)),
  };
}
