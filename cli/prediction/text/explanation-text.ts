import type { Horizon } from '../../../exporters/prediction/horizon.ts';
import type { SimilarIncident } from '../../../exporters/prediction/pipeline/similar-incidents.ts';
import type { Reason, Risk } from '../../../exporters/prediction/risk/risk.ts';
import { textTable } from '../../api-client/text-table.ts';
import { painted, type TextStyle } from '../../training-inspect/text/style.ts';
import { nameOf } from './risk-list.ts';
import { layerNames } from './verdict-text.ts';
import { figure, moment, paragraph, percent } from './words.ts';

/** Why a risk is what it is. */
export function explanationText(
  risk: Risk,
  similar: readonly SimilarIncident[],
  horizon: Horizon,
  style: TextStyle,
): readonly string[] {
  const { entity, probability, layer, reasons, rules, atMs } = risk;
  const p = (each: Horizon): string => `${percent(probability[each])} within ${each}`;
  return [
    painted(nameOf(entity), 'bold', style),
    ...paragraph(
      `As of ${moment(atMs)} it fails with ${p('24h')}, ${p('7d')}, ${p('30d')}. For ${horizon} the ${layerNames[layer[horizon]]} answers:`,
      style,
    ),
    ...reasonTable(reasons[horizon], style),
    ...rules.flatMap(({ sentence, action, source }) =>
      paragraph(`Rule: ${sentence} Do: ${action.replaceAll('_', ' ')}. (${source})`, style),
    ),
    '',
    ...similarText(similar, style),
  ];
}

/** By how many times each multiplies the odds: what adds up are their logarithms. */
function reasonTable(reasons: readonly Reason[], style: TextStyle): readonly string[] {
  return textTable(
    reasons,
    [
      { title: 'WHAT', of: ({ feature }) => feature },
      { title: 'VALUE', of: ({ value }) => figure(value), isNumber: true },
      { title: 'PEERS', of: ({ peerMedian }) => figure(peerMedian), isNumber: true },
      { title: 'LOG-ODDS', of: ({ contribution }) => signed(contribution), isNumber: true },
      { title: 'ODDS', of: ({ contribution }) => `× ${figure(Math.exp(contribution))}`, isNumber: true },
    ],
    style,
  );
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}

function similarText(similar: readonly SimilarIncident[], style: TextStyle): readonly string[] {
  if (similar.length === 0) return ['No past incident began like that.'];
  return [
    'Past incidents that began like that:',
    ...textTable(
      similar,
      [
        { title: 'BEGAN', of: ({ incident }) => moment(incident.startMs) },
        { title: 'OF', of: ({ incident }) => nameOf(incident.entity) },
        { title: 'WHAT', of: ({ incident }) => incident.kind },
        { title: 'LIKE NOW', of: ({ similarity }) => percent(similarity), isNumber: true },
        { title: 'IN', of: ({ shared }) => shared.slice(0, 3).join(', ') },
      ],
      style,
    ),
  ];
}
