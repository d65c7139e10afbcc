import { type EmbeddedScene, SceneGridItem, SceneGridLayout, SceneGridRow } from '@grafana/scenes';
import { vizPanel } from './board-panel';
import { boardVariables } from './board-variables';
import type { ClassicBoard, ClassicPanel } from './classic-board';
import { pageScene } from './page-scene';

/** A whole board as Grafana would lay it out. */
export function boardScene(board: ClassicBoard): EmbeddedScene {
  const body = new SceneGridLayout({
    isDraggable: false,
    isResizable: false,
    isLazy: true,
    children: gridOf(board.panels),
  });
  return pageScene({ from: board.time.from, refresh: board.refresh, variables: boardVariables(board), body });
}

/** Panels that follow an open row belong to it. */
function gridOf(panels: readonly ClassicPanel[]): Array<SceneGridItem | SceneGridRow> {
  const children: Array<SceneGridItem | SceneGridRow> = [];
  let row: { readonly heading: ClassicPanel; readonly items: SceneGridItem[] } | undefined;
  const closeRow = () => {
    if (row !== undefined) children.push(gridRow(row.heading, row.items));
  };
  for (const panel of panels) {
    if (panel.type === 'row') {
      closeRow();
      row = { heading: panel, items: (panel.panels ?? []).map(gridItem) };
    } else if (row === undefined) children.push(gridItem(panel));
    else row.items.push(gridItem(panel));
  }
  closeRow();
  return children;
}

function gridRow({ title, gridPos, collapsed = false }: ClassicPanel, children: SceneGridItem[]): SceneGridRow {
  return new SceneGridRow({ title, isCollapsed: collapsed, isCollapsible: true, y: gridPos.y, children });
}

function gridItem(panel: ClassicPanel): SceneGridItem {
  const { x, y, w: width, h: height } = panel.gridPos;
  return new SceneGridItem({ x, y, width, height, body: vizPanel(panel) });
}
