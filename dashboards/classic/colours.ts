import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Level, Levels } from '../panel.ts';

const colours = {
  neutral: 'text',
  ok: 'green',
  notice: 'blue',
  warning: 'orange',
  critical: 'red',
} as const satisfies Readonly<Record<Level, string>>;

export function thresholds({ base, steps }: Levels): dashboard.ThresholdsConfig {
  return {
    mode: dashboard.ThresholdsMode.Absolute,
    steps: [
      { value: null, color: colours[base] },
      ...steps.map(([value, level]) => ({ value, color: colours[level] })),
    ],
  };
}

export const plain: Levels = { base: 'neutral', steps: [] };
