import { formatSeconds } from '../../training-inspect/text/units.ts';

export function secondsText(seconds: number | undefined): string {
  return seconds === undefined ? '' : formatSeconds(seconds);
}

export function shareText(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1 %';
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

export function countText(value: number): string {
  return value.toLocaleString('en');
}

/** As a rule file has it. */
export function delayText(seconds: number): string {
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** For a narrow column: 45s, 12m, 2h21m, 3d4h. */
export function shortSeconds(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? [parts[3]] : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count}${unit}`).join('');
}

export function firingsText(count: number): string {
  if (count === 0) return 'no firing';
  return count === 1 ? '1 firing' : `${countText(count)} firings`;
}
