import type { Horizon } from '../../../exporters/prediction/horizon.ts';
import { averageFeature, restFeature } from '../../../exporters/prediction/pipeline/learned-answers.ts';
import type { Reason, Risk } from '../../../exporters/prediction/risk/risk.ts';
import { tableWithText } from '../../api-client/text-table.ts';
import type { TextStyle } from '../../training-inspect/text/style.ts';
import { bar } from './bars.ts';
import { layerNames } from './verdict-text.ts';
import { figure, percent } from './words.ts';

const untold: readonly string[] = [averageFeature, restFeature, 'base_rate', 'shorter_horizon'];

/** Who is likeliest to fail, with a bar beside each that compares it with the first. */
export function riskList(risks: readonly Risk[], horizon: Horizon, style: TextStyle): readonly string[] {
  const most = Math.max(...risks.map(({ probability }) => probability[horizon]));
  return tableWithText(
    risks,
    [
      { title: risks[0]?.entity.kind === 'node' ? 'NODE' : 'GPU', of: ({ entity }) => nameOf(entity) },
      { title: 'ON', of: ({ entity }) => (entity.kind === 'gpu' ? entity.node : '') },
      { title: '24H', of: ({ probability }) => percent(probability['24h']), isNumber: true },
      { title: '7D', of: ({ probability }) => percent(probability['7d']), isNumber: true },
      { title: '30D', of: ({ probability }) => percent(probability['30d']), isNumber: true },
      { title: '', of: ({ probability }) => bar(probability[horizon] / most, 8, style) },
      { title: 'BY', of: ({ layer, isOut }) => (isOut === true ? 'out of service' : layerNames[layer[horizon]]) },
    ],
    { title: 'WHY', of: (risk) => whyOf(risk, horizon) },
    style,
  );
}

export function nameOf({ kind, uuid, node }: Risk['entity']): string {
  return kind === 'gpu' ? uuid : node;
}

/** Rules that are met, and what raises it most. */
function whyOf({ rules, reasons }: Risk, horizon: Horizon): string {
  const raising = reasons[horizon].filter(
    ({ feature, contribution }) => contribution > 0.05 && !untold.includes(feature),
  );
  return [...rules.map(({ rule }) => `rule ${rule}`), ...raising.slice(0, 2).map(shortReason)].join('; ');
}

function shortReason({ feature, value, peerMedian }: Reason): string {
  const peers = peerMedian === undefined ? '' : `, peers ${figure(peerMedian)}`;
  return `${feature} ${value === undefined ? 'missing' : figure(value)}${peers}`;
}
