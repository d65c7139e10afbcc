import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/training-runs.json';
import { trainingGpuPanels } from '../../../../dashboards/panels/training-gpus.ts';
import { pageUrl } from '../../constants';
import { boardPanel } from '../../scenes/board-panel';
import { columnOf } from '../../scenes/column-of';
import { type PageSections, pageSections } from '../../scenes/PageSections';
import { readingsView } from '../../scenes/ReadingsView';
import { titled } from '../../scenes/titled';
import { boardTabs } from '../board-tabs';
import { CARRIED } from '../links/page-links';
import { RunGpus } from './RunGpus';
import { RunList } from './RunList';
import { runQueries } from './run-queries';

/** Is my run stuck, and why? All runs, and below them one in detail. */
export function trainingPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.training', 'Training runs'),
    url: pageUrl('training'),
    routePath: 'training/*',
    preserveUrlKeys: CARRIED,
    tabs: boardTabs(
      board,
      'training',
      [...CARRIED, 'var-run'],
      [
        { routePath: '/', title: t('training.tab.runs', 'All runs'), body: overview },
        { routePath: 'run', title: t('training.tab.run', 'One run'), body: oneRun },
        { routePath: 'collection', title: t('training.tab.collection', 'Training exporters'), body: collection },
      ],
    ),
  });
}

const panels = (...keys: string[]) => keys.map((key) => boardPanel(board, key));

function overview(): PageSections {
  const figure = (key: string, title: string) => titled(boardPanel(board, key), title);
  return pageSections(
    {
      leastWidth: 150,
      height: 110,
      items: [
        figure('training/training', t('training.figure.training', 'Training')),
        figure('training/stalled', t('training.figure.stalled', 'Standing still')),
        figure('training/failed', t('training.figure.failed', 'Failed')),
        figure('training/nonFinite', t('training.figure.nonFinite', 'Loss is NaN')),
        figure('training/goodput', t('training.figure.goodput', 'Goodput')),
        figure('training/tokens', t('training.figure.tokens', 'Tokens/s')),
      ],
    },
    { title: t('training.runs', 'Runs'), items: [readingsView(runQueries, RunList)] },
    { leastWidth: 480, height: 300, items: panels('training/alerts', 'training/phases') },
  );
}

const gpuQueries = {
  up: columnOf(trainingGpuPanels.gpus, 'Up'),
  busy: columnOf(trainingGpuPanels.gpus, 'Busy'),
  temperature: columnOf(trainingGpuPanels.gpus, 'Temperature'),
};

function oneRun(): PageSections {
  return pageSections(
    { title: t('training.verdict', 'How is it?'), items: [readingsView(runQueries, RunList)] },
    { title: t('training.gpus', 'GPUs of the run'), items: [readingsView(gpuQueries, RunGpus)] },
    {
      title: t('training.learning', 'Learning'),
      leastWidth: 480,
      height: 280,
      items: panels(
        'training-learning/loss',
        'training-learning/evalLoss',
        'training-learning/learningRate',
        'training-learning/gradNorm',
      ),
    },
    {
      title: t('training.speed', 'Speed'),
      leastWidth: 480,
      height: 280,
      items: panels(
        'training-speed/tokens',
        'training-speed/steps',
        'training-speed/mfu',
        'training-speed/phases',
        'training-speed/goodput',
        'training-speed/badput',
        'training-speed/checkpoints',
        'training-speed/setbacks',
      ),
    },
    {
      title: t('training.ranks', 'Ranks'),
      leastWidth: 480,
      height: 280,
      items: panels('training-ranks/slowest', 'training-ranks/spread', 'training-ranks/scores'),
    },
    {
      title: t('training.gpusOverTime', 'GPUs over time'),
      isClosed: true,
      leastWidth: 480,
      height: 280,
      items: panels(
        'training-gpus/utilization',
        'training-gpus/power',
        'training-gpus/temperature',
        'training-gpus/xids',
      ),
    },
    {
      title: t('training.details', 'Details'),
      isClosed: true,
      leastWidth: 480,
      height: 280,
      items: panels(
        'training-learning/trouble',
        'training-learning/lossScale',
        'training-speed/memory',
        'training/where',
      ),
    },
  );
}

function collection(): PageSections {
  return pageSections(
    {
      leastWidth: 240,
      height: 130,
      items: panels(
        'training-exporter/exportersDown',
        'training-exporter/files',
        'training-exporter/unread',
        'training-exporter/poll',
      ),
    },
    {
      leastWidth: 380,
      height: 280,
      items: panels('training-exporter/records', 'training-exporter/errors', 'training-exporter/dropped'),
    },
  );
}
