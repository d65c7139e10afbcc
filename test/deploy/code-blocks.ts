/** Texts of the fenced code blocks of a page in Markdown that have this language. */
export function codeBlocks(page: string, language: string): readonly string[] {
  const blocks = [...page.matchAll(/^( *)```(\S*)\n([\s\S]*?)^\1```/gm)];
  return blocks.filter(([, , found]) => found === language).map(([, , , text = '']) => text);
}
