import type { Costs } from '../../../../exporters/gpu/reading.ts';
import { type Finding, ok, warning } from '../../finding.ts';
import { gpuCheck } from './gpu-check.ts';

export const readingTime = gpuCheck({
  name: 'reading_time',
  title: 'time of a reading',
  judge: (_gpus, { driver, options }) =>
    judgeReadingTime(driver.kind === 'answered' ? driver.reading.costs : {}, options['gpu.timeout']),
});

/** Beyond this share of the time after which a driver counts as hanging, a busy moment is taken for a hang. */
const tooMuch = 0.5;

/** `costs` are those of a reading of everything. */
export function judgeReadingTime(costs: Costs, timeoutSeconds: number): Finding {
  const byTime = Object.entries(costs).sort(([, a], [, b]) => b.seconds - a.seconds);
  const total = byTime.reduce((sum, [, { seconds }]) => sum + seconds, 0);
  const calls = byTime.reduce((sum, [, each]) => sum + each.calls, 0);
  const [slowest] = byTime;
  const most = slowest === undefined ? '' : `; most for ${slowest[0]}, ${milliseconds(slowest[1].seconds)}`;
  const found = `${milliseconds(total)} for ${calls} driver calls${most}`;
  if (total <= timeoutSeconds * tooMuch) return ok(found);
  return warning(
    `${found}; --gpu.timeout is ${timeoutSeconds} s`,
    'raise --gpu.timeout, and see whether persistence mode is on',
  );
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
