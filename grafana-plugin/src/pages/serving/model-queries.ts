import { inferencePanels } from '../../../../dashboards/panels/inference.ts';
import { columnOf } from '../../scenes/column-of';

const { models } = inferencePanels;

/** The columns of the board's table of models that tell most. */
export const modelQueries = {
  requests: columnOf(models, 'Requests/s'),
  failing: columnOf(models, 'Failing'),
  firstToken: columnOf(models, 'First token, 95 %'),
  perToken: columnOf(models, 'Per token, 95 %'),
  generated: columnOf(models, 'Generated tokens/s'),
  running: columnOf(models, 'Running'),
  waiting: columnOf(models, 'Waiting'),
  cache: columnOf(models, 'KV cache'),
};
