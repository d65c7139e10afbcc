/** Lines of at most `width` columns, broken between words and each with the indent; a word that is longer stands alone. */
export function wrap(text: string, { indent, width }: { readonly indent: string; readonly width: number }): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + word.length + 1 > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line];
}
