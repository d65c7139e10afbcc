import type { Readings } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import type { hottestQueries } from './fleet-queries';
import { type Holder, holdersOf } from './tenants';

export interface HotGpu {
  readonly node: string;
  readonly index: string;
  readonly uuid: string;
  readonly temperature: number;
  /** Where the hardware slows down. */
  readonly limit: number | undefined;
  readonly holders: readonly Holder[];
  readonly rack: string | undefined;
  readonly risk: number | undefined;
}

/** Hottest first, each with what the other readings know of it. */
export function hotGpusOf(readings: Readings<keyof typeof hottestQueries>): readonly HotGpu[] {
  const { hottest, limit, pods, tenants, racks, risk } = readings;
  return [...hottest]
    .sort((a, b) => b.value - a.value)
    .map(({ labels, value }) => {
      const { node = '', gpu_id: index = '', uuid = '' } = labels;
      return {
        node,
        index,
        uuid,
        temperature: value,
        limit: first(limit, 'uuid', uuid)?.value,
        holders: holdersOf(of(pods, 'uuid', uuid), tenants),
        rack: first(racks, 'node', node)?.labels.rack,
        risk: first(risk, 'uuid', uuid)?.value,
      };
    });
}

function of(rows: readonly Row[], label: string, value: string): readonly Row[] {
  return rows.filter(({ labels }) => labels[label] === value);
}

function first(rows: readonly Row[], label: string, value: string): Row | undefined {
  return rows.find(({ labels }) => labels[label] === value);
}
