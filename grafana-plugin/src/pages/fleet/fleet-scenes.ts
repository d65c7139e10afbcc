import { t } from '@grafana/i18n';
import type { EmbeddedScene } from '@grafana/scenes';
import board from '../../../../dashboards/generated/gpu-fleet.json';
import { boardPanel } from '../../scenes/board-panel';
import { pageSections } from '../../scenes/PageSections';
import { pageScene } from '../../scenes/page-scene';
import { pageVariables } from '../../scenes/page-variables';
import { readingsView } from '../../scenes/ReadingsView';
import { FleetFigures } from './FleetFigures';
import { FleetMap } from './FleetMap';
import { figureQueries, hottestQueries, mapQueries } from './fleet-queries';
import { HotSpots } from './HotSpots';
import { HottestGpus } from './HottestGpus';
import { hotSpotQueries } from './hot-spot-queries';

/** All GPUs of the board's panels, since pages go down by links rather than by a list of GPU numbers. */
function fleetScene(body: ReturnType<typeof pageSections>): EmbeddedScene {
  const variables = pageVariables(board, { shown: ['datasource', 'cluster', 'node'], fixed: { gpu: '.*' } });
  return pageScene({ from: board.time.from, refresh: board.refresh, variables, body });
}

const panels = (...keys: string[]) => keys.map((key) => boardPanel(board, key));

export function overviewScene(): EmbeddedScene {
  return fleetScene(
    pageSections(
      { items: [readingsView(figureQueries, FleetFigures)] },
      { title: t('fleet.hottest', 'Hottest GPU'), items: [readingsView(hottestQueries, HottestGpus)] },
      {
        title: t('fleet.map.title', 'Fleet map'),
        description: t(
          'fleet.map.help',
          'Each cell is a node and leads to it. A red frame: GPUs are down, or a critical alert fires.',
        ),
        items: [readingsView(mapQueries, FleetMap)],
      },
      {
        title: t('fleet.attention', 'What needs attention'),
        leastWidth: 480,
        height: 300,
        items: panels('gpu/alerts', 'gpu-faults/xidList'),
      },
    ),
  );
}

export function hotSpotsScene(): EmbeddedScene {
  return fleetScene(pageSections({ items: [readingsView(hotSpotQueries, HotSpots)] }));
}

export function loadScene(): EmbeddedScene {
  return fleetScene(
    pageSections(
      {
        title: t('fleet.load', 'Load and power'),
        leastWidth: 480,
        height: 300,
        items: panels('gpu-load/utilization', 'gpu-load/memory', 'gpu-load/temperature', 'gpu-load/power'),
      },
      { leastWidth: 360, height: 340, items: panels('gpu-load/hungriestNodes', 'gpu-load/idlestNodes') },
      {
        title: t('fleet.faults', 'Faults over time'),
        leastWidth: 480,
        height: 300,
        items: panels('gpu-faults/heldBack', 'gpu-faults/xidByCode', 'gpu-faults/ecc', 'gpu-faults/pcieReplays'),
      },
      { title: t('fleet.nodes', 'Nodes'), height: 420, items: panels('gpu-load/nodes') },
      { title: t('fleet.owners', 'Whose time'), isClosed: true, height: 360, items: panels('billing-usage/owners') },
    ),
  );
}

export function collectionScene(): EmbeddedScene {
  return fleetScene(
    pageSections(
      {
        leastWidth: 240,
        height: 140,
        items: panels(
          'gpu-exporter/exportersDown',
          'gpu-exporter/driversHanging',
          'gpu-exporter/failedCollectors',
          'gpu-exporter/source',
        ),
      },
      {
        title: t('fleet.drivers', 'Drivers and exporters'),
        leastWidth: 480,
        height: 300,
        items: panels(
          'gpu-exporter/driverStates',
          'gpu-exporter/driverRestarts',
          'gpu-exporter/collectors',
          'gpu-exporter/snapshotAge',
          'gpu-exporter/driverVersions',
          'gpu-exporter/exporterVersions',
        ),
      },
    ),
  );
}
