import { entriesOf, fieldsOf, listOf, oneOf, optional, type Place, textOf } from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { type Entity, entityKinds } from '../../entity.ts';
import { type Incident, incidentSources } from '../../labels/incident.ts';
import { numberOf } from '../../learning/model/read-values.ts';
import type { PastIncident } from '../model-set.ts';

const mostIncidents = 10_000;
const mostSigns = 200;
const maxMs = 8.64e15;

export function readPast(place: Place): readonly PastIncident[] {
  return listOf(place, mostIncidents).map((each) => {
    const field = fieldsOf(each, ['incident', 'signs']);
    const signs = entriesOf(field('signs'), mostSigns);
    return {
      incident: readIncident(field('incident')),
      signs: Object.fromEntries(
        signs.map(([name, value]) => [name, numberOf({ value, where: `${each.where}.signs.${name}` }, 0, 1)]),
      ),
    };
  });
}

function readIncident(place: Place): Incident {
  const field = fieldsOf(place, ['entity', 'startMs', 'endMs', 'isOpen', 'lastSeenMs', 'kind', 'sources']);
  const momentOf = (each: Place): number => numberOf(each, -maxMs, maxMs);
  return {
    entity: readEntity(field('entity')),
    startMs: momentOf(field('startMs')),
    endMs: optional(field('endMs'), momentOf),
    isOpen: optional(field('isOpen'), ({ value }) => value === true),
    lastSeenMs: optional(field('lastSeenMs'), momentOf),
    kind: textOf(field('kind')),
    sources: listOf(field('sources'), incidentSources.length).map((each) => oneOf(each, incidentSources)),
  };
}

function readEntity(place: Place): Entity {
  const field = fieldsOf(place, ['kind', 'cluster', 'node', 'uuid']);
  const nameOf = ({ value, where }: Place): string => {
    if (typeof value === 'string' && value.length <= 500) return value;
    throw new SourceError(`${where} must be a text of at most 500 characters`);
  };
  return {
    kind: oneOf(field('kind'), entityKinds),
    cluster: nameOf(field('cluster')),
    node: nameOf(field('node')),
    uuid: nameOf(field('uuid')),
  };
}
