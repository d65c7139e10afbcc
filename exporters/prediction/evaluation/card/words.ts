const dayMs = 86_400_000;
const unknown = '–';

export function percent(share: number | undefined): string {
  if (share === undefined) return unknown;
  const value = share * 100;
  return `${Math.abs(value) >= 10 ? value.toFixed(0) : Number(value.toPrecision(2))} %`;
}

export function figure(value: number | undefined): string {
  return value === undefined ? unknown : String(Number(value.toPrecision(3)));
}

export function days(ms: number | undefined): string {
  return ms === undefined ? unknown : `${(ms / dayMs).toFixed(1)} days`;
}

export function date(atMs: number | undefined): string {
  return atMs === undefined ? unknown : new Date(atMs).toISOString().slice(0, 10);
}

/** `1 alert`, `2 alerts`. */
export function count(many: number, what: string): string {
  return `${many.toLocaleString('en')} ${what}${many === 1 ? '' : 's'}`;
}

/** Text from elsewhere, that neither breaks a table nor becomes markup. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&');
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
