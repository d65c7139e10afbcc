import { entityKinds } from '../../../exporters/prediction/entity.ts';
import { horizons } from '../../../exporters/prediction/horizon.ts';
import type { HorizonModels, ModelSet } from '../../../exporters/prediction/pipeline/model-set.ts';
import { textTable } from '../../api-client/text-table.ts';
import { painted, type TextStyle } from '../../training-inspect/text/style.ts';
import { bullets, figure, percent } from './words.ts';

export const layerNames: Readonly<Record<HorizonModels['layer'], string>> = {
  prior: 'prior only',
  rate: 'rate model',
  learned: 'learned model',
};

/** Who answers for each kind and horizon, and why. */
export function verdictText({ kinds }: ModelSet, style: TextStyle): readonly string[] {
  return entityKinds.flatMap((kind) => {
    const own = kinds[kind];
    if (own === undefined) return [];
    const each = horizons.map((horizon) => own.horizons[horizon]);
    const title = kind === 'gpu' ? 'GPUs' : 'Nodes';
    return [
      '',
      painted(title, 'bold', style),
      ...textTable(
        each,
        [
          { title: 'AHEAD', of: ({ horizon }) => horizon },
          { title: 'ANSWERS', of: ({ layer }) => layerNames[layer] },
          { title: 'ROWS', of: ({ card }) => card.model.rows.toLocaleString('en'), isNumber: true },
          { title: 'FAILED', of: ({ baseRate }) => percent(baseRate), isNumber: true },
          { title: 'AVG PRECISION', of: ({ card }) => figure(card.figures.averagePrecision), isNumber: true },
          { title: 'BRIER SKILL', of: ({ card }) => percent(card.figures.brierSkill), isNumber: true },
        ],
        style,
      ),
      ...whyLines(each, style),
    ];
  });
}

/** The same reason of several horizons is told once. */
function whyLines(each: readonly HorizonModels[], style: TextStyle): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { horizon, why } of each) {
    const [first = ''] = why;
    byReason.set(first, [...(byReason.get(first) ?? []), horizon]);
  }
  return bullets(
    [...byReason].map(([reason, own]) => `${own.join(', ')}: ${reason}`),
    style,
  );
}
