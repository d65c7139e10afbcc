import type { LabelName } from '../../metrics/labels.ts';
import type { Domain } from '../alert.ts';

interface BoardOfDomain {
  readonly uid: `fleetlens-${string}`;
  /** Variables of the board that take the label of the same name from the alert. */
  readonly always: readonly LabelName[];
  /** The same, where the alert may lack the label: an empty choice would find nothing. */
  readonly ifSet: readonly LabelName[];
}

/** The board that shows the labels of alerts of a domain; uids and variables are those of dashboards/boards. */
const boards: { readonly [D in Domain]?: BoardOfDomain } = {
  gpu: { uid: 'fleetlens-gpu-fleet', always: ['cluster'], ifSet: ['node'] },
  training: { uid: 'fleetlens-training-runs', always: ['cluster'], ifSet: ['run'] },
  inference: { uid: 'fleetlens-llm-serving', always: ['cluster'], ifSet: ['engine_kind', 'model_name', 'tenant'] },
  cmdb: { uid: 'fleetlens-inventory', always: ['cluster'], ifSet: ['node'] },
  billing: { uid: 'fleetlens-cost-and-usage', always: ['cluster'], ifSet: ['tenant'] },
  prediction: { uid: 'fleetlens-failure-risk', always: ['cluster'], ifSet: ['node'] },
};

/** Link to the board of a domain, set to the place of the alert, in Prometheus' template language. */
export function dashboardUrl(grafanaUrl: string, domain: Domain): string | undefined {
  const board = boards[domain];
  if (board === undefined) return undefined;
  const always = board.always.map((name) => `var-${name}={{ $labels.${name} | urlquery }}`);
  const ifSet = board.ifSet.map((name) => `{{ with $labels.${name} }}&var-${name}={{ . | urlquery }}{{ end }}`);
  return `${grafanaUrl.replace(/\/+$/, '')}/d/${board.uid}?${always.join('&')}${ifSet.join('')}`;
}
