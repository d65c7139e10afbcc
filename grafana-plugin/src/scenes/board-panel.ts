import type { FieldConfigSource } from '@grafana/data';
import { type SceneDataProvider, SceneDataTransformer, SceneQueryRunner, VizPanel } from '@grafana/scenes';
import { panelId } from '../../../dashboards/panel-id.ts';
import type { ClassicBoard, ClassicPanel } from './classic-board';
import { datasource } from './datasource';

/**
 * A panel of a board by its key, such as `gpu-load/utilization`, so that page and board always show the same. Throws if the board has none.
 */
export function boardPanel(board: ClassicBoard, key: string): VizPanel {
  const id = panelId(key);
  const found = board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).find((panel) => panel.id === id);
  if (found === undefined) throw new Error(`the board ${board.uid} has no panel ${key}`);
  return vizPanel(found);
}

export function vizPanel(panel: ClassicPanel): VizPanel {
  return new VizPanel({
    key: `panel-${panel.id}`,
    pluginId: panel.type,
    title: panel.title,
    description: panel.description,
    options: { ...panel.options },
    fieldConfig: (panel.fieldConfig as FieldConfigSource | undefined) ?? { defaults: {}, overrides: [] },
    $data: dataOf(panel),
  });
}

function dataOf({ targets = [], transformations = [] }: ClassicPanel): SceneDataProvider {
  const queries = new SceneQueryRunner({ datasource, queries: targets.map((target) => ({ ...target, datasource })) });
  return transformations.length === 0
    ? queries
    : new SceneDataTransformer({ $data: queries, transformations: [...transformations] });
}
