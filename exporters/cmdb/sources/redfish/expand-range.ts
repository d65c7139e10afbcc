import type { Place } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';

const range = /\[(\d{1,9})-(\d{1,9})\]/;
const maxNames = 10_000;

/** `gpu-[01-40].bmc` stands for gpu-01.bmc to gpu-40.bmc; zeros in front are kept. At most one range. Throws ConfigError. */
export function expandRange({ where }: Pick<Place, 'where'>, text: string): readonly string[] {
  const [whole, first = '', last = ''] = range.exec(text) ?? [];
  if (whole === undefined) return [text];
  const [from, to] = [Number(first), Number(last)];
  if (to < from || to - from >= maxNames)
    throw new ConfigError(`${where} has the range ${whole}; it must go up and stand for at most ${maxNames} names`);
  const width = first.startsWith('0') ? first.length : 0;
  return Array.from({ length: to - from + 1 }, (_, index) =>
    text.replace(whole, String(from + index).padStart(width, '0')),
  );
}
