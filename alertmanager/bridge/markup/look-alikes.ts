/**
 * DingTalk and WeCom document no way to escape their markup, so characters that begin a link, an image, a tag, a mention, bold text or code
 * are exchanged for others that look alike and mean nothing.
 */
const lookAlikes: Readonly<Record<string, string>> = {
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '*': '∗',
  '`': 'ˋ',
  '\\': '＼',
  '|': '｜',
  '~': '～',
  '#': '＃',
  '@': '＠',
};

export function withLookAlikes(text: string): string {
  return text
    .replaceAll(/[[\]<>*`\\|~#@]/g, (character) => lookAlikes[character] ?? '')
    .replaceAll(/(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '＿');
}
