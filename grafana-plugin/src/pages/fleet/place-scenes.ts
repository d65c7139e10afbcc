import { t } from '@grafana/i18n';
import type { EmbeddedScene, SceneObject } from '@grafana/scenes';
import board from '../../../../dashboards/generated/gpu-fleet.json';
import { boardPanel } from '../../scenes/board-panel';
import { pageSections } from '../../scenes/PageSections';
import { pageScene } from '../../scenes/page-scene';
import { pageVariables } from '../../scenes/page-variables';
import { readingsView } from '../../scenes/ReadingsView';
import { GpuCard } from './GpuCard';
import { GpuCells } from './GpuCells';
import { gpuCellQueries, placeQueries, type Scope } from './gpu-cell-queries';
import { gpuQueries } from './gpu-queries';
import { NodePlace } from './NodePlace';

type Variables = Omit<Parameters<typeof pageVariables>[1], 'shown'>;

function placeScene(variables: Variables, body: ReturnType<typeof pageSections>): EmbeddedScene {
  const shown = ['datasource', 'cluster'];
  return pageScene({
    from: board.time.from,
    refresh: board.refresh,
    variables: pageVariables(board, { shown, ...variables }),
    body,
  });
}

const panels = (...keys: string[]) => keys.map((key) => boardPanel(board, key));
const cells = (scope: Scope): SceneObject => readingsView(gpuCellQueries(scope), GpuCells);

const cellsOf = (scope: Scope) => ({
  title: t('fleet.gpusTitle', 'GPUs'),
  description: t('fleet.gpus.help', 'Each cell is a GPU and leads to it, coloured by its temperature.'),
  items: [cells(scope)],
});

export function rackScene(rack: string): EmbeddedScene {
  return placeScene({ fixed: { rack } }, pageSections(cellsOf('rack')));
}

export function jobScene(namespace: string, pod: string): EmbeddedScene {
  return placeScene({ fixed: { namespace, pod } }, pageSections(cellsOf('job')));
}

export function nodeScene(node: string): EmbeddedScene {
  return placeScene(
    { fixed: { node, shown_node: node, gpu: '.*' } },
    pageSections(
      { items: [readingsView(placeQueries, NodePlace)] },
      cellsOf('node'),
      {
        title: t('fleet.attention', 'What needs attention'),
        leastWidth: 480,
        height: 260,
        items: panels('gpu/alerts', 'gpu-faults/xidList'),
      },
      {
        title: t('fleet.readings', 'Readings'),
        leastWidth: 480,
        height: 280,
        items: panels(
          'gpu-devices/temperature',
          'gpu-devices/utilization',
          'gpu-devices/power',
          'gpu-devices/memoryUsed',
          'gpu-faults/heldBack',
          'gpu-faults/ecc',
        ),
      },
      { title: t('fleet.boards', 'Boards'), isClosed: true, height: 340, items: panels('gpu-devices/facts') },
    ),
  );
}

export function gpuScene(uuid: string): EmbeddedScene {
  return placeScene(
    {
      fixed: { uuid },
      found: {
        node: 'label_values(gpu_up{uuid=~"$uuid"}, node)',
        shown_node: 'label_values(gpu_up{uuid=~"$uuid"}, node)',
        gpu: 'label_values(gpu_up{uuid=~"$uuid"}, gpu_id)',
      },
    },
    pageSections(
      { items: [readingsView(gpuQueries, GpuCard)] },
      {
        title: t('fleet.overTime', 'Over time'),
        leastWidth: 480,
        height: 280,
        items: panels(
          'gpu-devices/temperature',
          'gpu-devices/utilization',
          'gpu-devices/power',
          'gpu-devices/clock',
          'gpu-devices/memoryUsed',
          'gpu-devices/memoryTemperature',
        ),
      },
    ),
  );
}
