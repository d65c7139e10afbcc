import { t } from '@grafana/i18n';
import React, { useMemo } from 'react';
import { asIs } from '../../locales/as-is';
import { formatted } from '../../scenes/format';
import type { Readings, ReadingsProps } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import { CellGrid, type GridCell } from '../cards/CellGrid';
import { PlaceLink } from '../links/PlaceLink';
import { stepOf } from './cell-colour';
import type { gpuCellQueries } from './gpu-cell-queries';

type CellReadings = Readings<keyof ReturnType<typeof gpuCellQueries>>;

/** Every GPU of a node, rack or job as a cell, by node, coloured by its temperature. */
export function GpuCells({ readings }: ReadingsProps<keyof CellReadings>) {
  const nodes = useMemo(() => gpusByNode(readings), [readings]);
  if (nodes.length === 0) return <div role="status">{t('fleet.noGpuHere', 'No GPU is seen here in this time.')}</div>;
  return (
    <div data-testid="gpu-cells">
      {nodes.map(({ node, cells }) => (
        <CellGrid
          key={node}
          label={t('fleet.gpusOf', 'GPUs of {{node}}', { ...asIs, node })}
          heading={<PlaceLink target={{ to: 'node', node }}>{node}</PlaceLink>}
          cells={cells}
        />
      ))}
    </div>
  );
}

function gpusByNode(
  readings: CellReadings,
): ReadonlyArray<{ readonly node: string; readonly cells: readonly GridCell[] }> {
  const cell = cellMaker(readings);
  const nodes = new Map<string, Row[]>();
  for (const row of readings.up) {
    const { node = '' } = row.labels;
    nodes.set(node, [...(nodes.get(node) ?? []), row]);
  }
  return [...nodes]
    .sort(([a], [b]) => collator.compare(a, b))
    .map(([node, rows]) => ({
      node,
      cells: rows.sort((a, b) => collator.compare(a.labels.gpu_id ?? '', b.labels.gpu_id ?? '')).map(cell),
    }));
}

const collator = new Intl.Collator('en', { numeric: true });

function cellMaker({ temperature, busy, power }: CellReadings): (row: Row) => GridCell {
  const columns = { temperature: byUuid(temperature), busy: byUuid(busy), power: byUuid(power) };
  return ({ labels, value }) => {
    const { uuid = '', node = '', gpu_id: index = '' } = labels;
    const degrees = columns.temperature.get(uuid);
    const isUp = value === 1;
    const parts = [
      isUp ? t('fleet.cell.isUp', 'up') : t('fleet.cell.isDown', 'down'),
      formatted(degrees, 'celsius', 0),
      t('fleet.cell.busy', '{{busy}} busy', { ...asIs, busy: formatted(columns.busy.get(uuid), 'percentunit', 0) }),
      formatted(columns.power.get(uuid), 'watt', 0),
    ];
    return {
      id: `${node}/${index}/${uuid}`,
      level: isUp ? stepOf(degrees, [60, 75, 85]) : 'bad',
      isMarked: !isUp,
      text: isUp ? formatted(degrees, 'celsius', 0) : t('fleet.cell.isDown', 'down'),
      name: t('fleet.gpuIndex', 'GPU {{index}}', { ...asIs, index }),
      tip: t('fleet.cell.tip', 'GPU {{index}} of {{node}}: {{parts}}', {
        ...asIs,
        index,
        node,
        parts: parts.join(', '),
      }),
      target: { to: 'gpu', uuid },
    };
  };
}

function byUuid(rows: readonly Row[]): ReadonlyMap<string, number> {
  return new Map(rows.map(({ labels, value }) => [labels.uuid ?? '', value]));
}
