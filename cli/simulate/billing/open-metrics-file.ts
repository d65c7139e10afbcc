import { closeSync, openSync, writeSync } from 'node:fs';
import { formatValue } from '../../../kit/exposition/format-value.ts';
import type { ObservedSample } from './observation.ts';

/** A file of samples with timestamps, as `promtool tsdb create-blocks-from openmetrics` reads it. Memory stays small whatever its size. */
export interface OpenMetricsFile {
  readonly add: (sample: Omit<ObservedSample, 'isLate'>) => void;
  readonly samples: () => number;
  readonly close: () => void;
}

const pieceLength = 1 << 20;

export function openMetricsFile(path: string): OpenMetricsFile {
  const file = openSync(path, 'w');
  let text = '';
  let samples = 0;
  let stampedMs = Number.NaN;
  let stamp = '';

  function flush(): void {
    writeSync(file, text);
    text = '';
  }

  return {
    add: ({ head, replica, value, atMs }) => {
      if (atMs !== stampedMs) {
        stampedMs = atMs;
        stamp = ` ${formatValue(atMs / 1000)}\n`;
      }
      text += (head.texts[replica] ?? '') + formatValue(value) + stamp;
      samples++;
      if (text.length > pieceLength) flush();
    },
    samples: () => samples,
    close: () => {
      text += '# EOF\n';
      flush();
      closeSync(file);
    },
  };
}
