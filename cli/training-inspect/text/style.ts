import { wrap } from '../../../kit/wrap.ts';
import { safeText } from './safe-text.ts';

export interface TextStyle {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** False where only ASCII may be printed. */
  readonly isUnicode: boolean;
}

const codes = { plain: '', bold: '1', dim: '2', yellow: '33' } as const;

export function painted(text: string, colour: keyof typeof codes, style: TextStyle): string {
  return style.colour && text !== '' && colour !== 'plain' ? `\x1b[${codes[colour]}m${text}\x1b[0m` : text;
}

export function safe(text: string, { isUnicode }: TextStyle): string {
  return safeText(text, isUnicode);
}

/** Text behind a title; further lines stand below its beginning. Words that are too long for a line stay whole. */
export function titled(title: string, text: string, titleWidth: number, style: TextStyle): readonly string[] {
  const indent = ' '.repeat(2 + titleWidth);
  const [first = '', ...rest] = wrap(text, { indent, width: style.width });
  return [`  ${painted(title.padEnd(titleWidth), 'dim', style)}${first.trimStart()}`, ...rest];
}

export function arrow({ isUnicode }: TextStyle): string {
  return isUnicode ? '→ ' : '-> ';
}
