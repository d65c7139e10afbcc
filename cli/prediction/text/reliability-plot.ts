import type { ReliabilityBin } from '../../../exporters/prediction/evaluation/calibration/reliability.ts';
import { textTable } from '../../api-client/text-table.ts';
import type { TextStyle } from '../../training-inspect/text/style.ts';
import { bar } from './bars.ts';
import { percent } from './words.ts';

const cells = 30;

/** What was said beside what came: a bar for the share that failed, and a mark for the share that was expected. */
export function reliabilityPlot(bins: readonly ReliabilityBin[], style: TextStyle): readonly string[] {
  if (bins.length === 0) return [];
  const most = Math.max(...bins.flatMap(({ expected, observed }) => [expected, observed]));
  const mark = style.isUnicode ? '◆' : 'o';
  return [
    `Reliability: the bar is the share that failed, ${mark} the share that was expected.`,
    ...textTable(
      bins,
      [
        { title: 'ROWS', of: ({ rows }) => rows.toLocaleString('en'), isNumber: true },
        { title: 'EXPECTED', of: ({ expected }) => percent(expected), isNumber: true },
        { title: 'OBSERVED', of: ({ observed }) => percent(observed), isNumber: true },
        {
          title: '',
          of: ({ expected, observed }) => bar(shareOf(observed, most), cells, style, shareOf(expected, most)),
        },
      ],
      style,
    ),
  ];
}

function shareOf(value: number, most: number): number {
  return most > 0 ? value / most : 0;
}
