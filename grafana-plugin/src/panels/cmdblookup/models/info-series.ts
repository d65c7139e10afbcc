import type { DataFrame } from '@grafana/data';
import type { Alert } from '../answers/alerts';

/** What the series `cmdb_ci_info` says of an item, for when the inventory itself gives no answer. */
export interface InfoFacts {
  readonly class: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Items in the data of a query for `cmdb_ci_info`, as time series or as a table. */
export function infoFacts(frames: readonly DataFrame[]): readonly InfoFacts[] {
  return frames.flatMap(labelSets).flatMap((labels) => {
    const { class: itemClass, name } = labels;
    return itemClass === undefined || name === undefined || labels.ci === undefined
      ? []
      : [{ class: itemClass, name, labels }];
  });
}

/** Those that have the text somewhere among what tells items apart. */
export function factsOf(facts: readonly InfoFacts[], text: string): readonly InfoFacts[] {
  const wanted = text.trim().toLowerCase();
  const isIt = ({ name, labels }: InfoFacts): boolean =>
    [name, labels.uuid, labels.serial].some((value) => value?.toLowerCase() === wanted);
  const exact = facts.filter(isIt);
  return exact.length > 0 ? exact : facts.filter(({ labels }) => labels.node?.toLowerCase() === wanted);
}

/** Alerts in the data of a query for `ALERTS`, for where Alertmanager is not connected. */
export function firingSeries(frames: readonly DataFrame[]): readonly Alert[] {
  return frames
    .flatMap(labelSets)
    .filter(({ alertname, alertstate = 'firing' }) => alertname !== undefined && alertstate === 'firing')
    .map((labels) => ({ labels, annotations: {}, startsAt: undefined, isSilenced: false, isInhibited: false }));
}

/** A frame has its labels at its value field, or in columns of text. */
function labelSets({ fields, length }: DataFrame): ReadonlyArray<Readonly<Record<string, string>>> {
  const labelled = fields.flatMap(({ labels }) =>
    labels === undefined || Object.keys(labels).length === 0 ? [] : [labels],
  );
  if (labelled.length > 0) return labelled;
  const columns = fields.filter(({ type }) => type === 'string');
  if (columns.length === 0) return [];
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, String(values[row] ?? '')])),
  );
}
