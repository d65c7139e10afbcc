import { t } from '@grafana/i18n';
import { RadioButtonGroup } from '@grafana/ui';
import React, { useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { asIs } from '../../locales/as-is';
import { formatted } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import { CellGrid, type GridCell } from '../cards/CellGrid';
import { PlaceLink } from '../links/PlaceLink';
import { healthOf, levelOf, MAP_COLOURS, type MapColour } from './cell-colour';
import type { mapQueries } from './fleet-queries';
import { type NodeCell, racksOf } from './node-map';

type Props = ReadingsProps<keyof typeof mapQueries>;

/** Every node as a cell, by rack. One row of each query for a node, so that ten thousand GPUs cost no more than their nodes. */
export function FleetMap({ readings }: Props) {
  const racks = useMemo(() => racksOf(readings), [readings]);
  const { search } = useLocation();
  const navigate = useNavigate();
  const colour = colourIn(search);
  const choose = (value: MapColour) => {
    const query = new URLSearchParams(search);
    query.set('map', value);
    navigate({ search: query.toString() }, { replace: true });
  };
  if (racks.length === 0)
    return (
      <div role="status">
        {t(
          'fleet.noNodes',
          'No node is recorded. Are the recording rules of FleetLens loaded, and GPU exporters scraped?',
        )}
      </div>
    );
  return (
    <div data-testid="fleet-map">
      <RadioButtonGroup
        aria-label={t('fleet.mapBy', 'Colour by')}
        options={MAP_COLOURS.map((value) => ({ value, label: colourName(value) }))}
        value={colour}
        onChange={choose}
        size="sm"
      />
      {racks.map(({ rack, nodes }) => (
        <CellGrid
          key={rack}
          label={
            rack === '' ? t('fleet.noRack', 'Rack unknown') : t('fleet.rackName', 'Rack {{rack}}', { ...asIs, rack })
          }
          heading={
            rack === '' ? (
              t('fleet.noRack', 'Rack unknown')
            ) : (
              <PlaceLink target={{ to: 'rack', rack }}>{rack}</PlaceLink>
            )
          }
          cells={nodes.map((node) => gridCell(node, colour))}
        />
      ))}
    </div>
  );
}

function colourIn(search: string): MapColour {
  const asked = new URLSearchParams(search).get('map');
  return MAP_COLOURS.find((colour) => colour === asked) ?? 'health';
}

function colourName(colour: MapColour): string {
  const names: Readonly<Record<MapColour, string>> = {
    health: t('fleet.map.health', 'Health'),
    temperature: t('fleet.map.temperature', 'Temperature'),
    busy: t('fleet.map.busy', 'Utilization'),
  };
  return names[colour];
}

function gridCell(cell: NodeCell, colour: MapColour): GridCell {
  const { cluster, node, known, up, temperature, busy, power } = cell;
  const parts = [
    t('fleet.cell.up', '{{up}} of {{known}} GPUs up', { ...asIs, up, known }),
    formatted(temperature, 'celsius', 0),
    t('fleet.cell.busy', '{{busy}} busy', { ...asIs, busy: formatted(busy, 'percentunit', 0) }),
    formatted(power, 'watt', 1),
    ...alertWords(cell),
  ];
  return {
    id: `${cluster}/${node}`,
    level: levelOf(cell, colour),
    isMarked: healthOf(cell) === 'bad',
    text: colour === 'temperature' ? short(temperature, '°') : colour === 'busy' ? percent(busy) : `${up}/${known}`,
    name: node,
    tip: `${node}: ${parts.join(', ')}`,
    target: { to: 'node', node },
  };
}

function alertWords({ criticalAlerts, warnings }: NodeCell): readonly string[] {
  return [
    ...(criticalAlerts > 0
      ? [t('fleet.cell.critical', 'critical alerts: {{count}}', { ...asIs, count: criticalAlerts })]
      : []),
    ...(warnings > 0 ? [t('fleet.cell.warnings', 'warnings: {{count}}', { ...asIs, count: warnings })] : []),
  ];
}

function short(value: number | undefined, unit: string): string {
  return value === undefined ? '–' : `${Math.round(value)}${unit}`;
}

function percent(value: number | undefined): string {
  return value === undefined ? '–' : `${Math.round(value * 100)}%`;
}
