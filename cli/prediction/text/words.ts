import { wrap } from '../../../kit/wrap.ts';
import { safe, type TextStyle } from '../../training-inspect/text/style.ts';

export { count, days, figure, percent } from '../../../exporters/prediction/evaluation/card/words.ts';

/** Lines of at most the width of the terminal; those after the first stand under it. */
export function paragraph(text: string, style: TextStyle, indent = ''): readonly string[] {
  return wrap(safe(text, style), { indent, width: style.width });
}

/** Sentences as a list. */
export function bullets(sentences: readonly string[], style: TextStyle): readonly string[] {
  return sentences.flatMap((sentence) => {
    const [first = '', ...rest] = wrap(safe(sentence, style), { indent: '    ', width: style.width });
    return [`  - ${first.trimStart()}`, ...rest];
  });
}

export function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
