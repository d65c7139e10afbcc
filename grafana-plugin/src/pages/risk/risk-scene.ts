import { t } from '@grafana/i18n';
import {
  type EmbeddedScene,
  SceneFlexItem,
  SceneFlexLayout,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  VizPanel,
} from '@grafana/scenes';
import board from '../../../../dashboards/generated/failure-risk.json';
import { boardPanel } from '../../scenes/board-panel';
import { boardVariables } from '../../scenes/board-variables';
import { datasource } from '../../scenes/datasource';
import { pageScene } from '../../scenes/page-scene';
import { AddressVariable } from './AddressVariable';
import { riskQueries } from './risk-queries';

/** The panel of failure risk, then how good its statements have been, and what is unusual without any claim about failures. */
export function riskScene(): EmbeddedScene {
  const variables = boardVariables(board);
  variables.setState({
    variables: [...variables.state.variables, new AddressVariable('gpu', ''), new AddressVariable('horizon', '')],
  });
  return pageScene({
    from: board.time.from,
    refresh: board.refresh,
    variables,
    body: new SceneFlexLayout({
      direction: 'column',
      children: [
        new SceneFlexItem({ minHeight: 720, body: riskPanel() }),
        new SceneFlexItem({ body: new SceneGridLayout({ isLazy: true, children: [trackRecord(), anomalies()] }) }),
      ],
    }),
  });
}

function riskPanel(): VizPanel {
  return new VizPanel({
    key: 'failure-risk',
    pluginId: 'fleetlens-failureprediction-panel',
    title: t('risk.panel', 'Who is next, and why?'),
    options: {
      horizon: '$horizon',
      horizonKey: 'horizon',
      gpu: '$gpu',
      gpuKey: 'gpu',
      nodes: '$' + '{node:regex}',
    },
    $data: new SceneQueryRunner({
      datasource,
      queries: riskQueries.map((query) => ({ ...query, datasource })),
    }),
  });
}

interface Cell {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

function trackRecord(): SceneGridRow {
  return section(t('risk.record', 'How good is it?'), 0, [
    { key: 'prediction-evidence/precision', width: 6, height: 4 },
    { key: 'prediction-evidence/recall', width: 6, height: 4 },
    { key: 'prediction-evidence/lead', width: 6, height: 4 },
    { key: 'prediction-evidence/skill', width: 6, height: 4 },
    { key: 'prediction-evidence/figures', width: 24, height: 8 },
    { key: 'prediction-evidence/calibration', width: 12, height: 8 },
    { key: 'prediction-evidence/outcome', width: 12, height: 8 },
    { key: 'prediction-evidence/promotion', width: 12, height: 8 },
    { key: 'prediction-evidence/drift', width: 12, height: 8 },
    { key: 'prediction-evidence/age', width: 6, height: 4 },
    { key: 'prediction-evidence/incidents', width: 6, height: 4 },
    { key: 'prediction/expectation', width: 12, height: 8 },
  ]);
}

function anomalies(): SceneGridRow {
  return section(t('risk.anomalies', 'What is unusual?'), 100, [
    { key: 'prediction-anomaly/fleet', width: 6, height: 8 },
    { key: 'prediction-anomaly/unusual', width: 18, height: 8 },
    { key: 'prediction-anomaly/reports', width: 12, height: 8 },
    { key: 'prediction-anomaly/warm', width: 12, height: 8 },
  ]);
}

/** Panels from left to right, and on as soon as a line is full. */
function section(title: string, y: number, cells: readonly Cell[]): SceneGridRow {
  let [x, top, tallest] = [0, y + 1, 0];
  const children = cells.map(({ key, width, height }) => {
    if (x + width > columns) [x, top, tallest] = [0, top + tallest, 0];
    const item = new SceneGridItem({ x, y: top, width, height, body: boardPanel(board, key) });
    [x, tallest] = [x + width, Math.max(tallest, height)];
    return item;
  });
  return new SceneGridRow({ title, y, isCollapsible: true, children });
}

const columns = 24;
