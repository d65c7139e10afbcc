/** What a terminal shows in two columns: East Asian scripts and most emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const narrow = /^\p{M}$/u;

/**
 * A text from a file for a terminal: what would steer it, break the line, turn the direction or show as nothing is written as an escape.
 * Without Unicode all that is not ASCII is.
 */
export function safeText(text: string, isUnicode: boolean): string {
  const printable = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/gu, escaped);
  return isUnicode ? printable : printable.replaceAll(/[^\x20-\x7e]/gu, escaped);
}

/** Columns that a terminal needs for it. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) if (!narrow.test(character)) columns += wide.test(character) ? 2 : 1;
  return columns;
}

/** At most so many columns, with a mark where something is left out in the middle: paths and tags differ at their ends. */
export function fitted(text: string, columns: number, isUnicode: boolean): string {
  if (columnsOf(text) <= columns) return text;
  const mark = isUnicode ? '…' : '..';
  const characters = [...text];
  const room = Math.max(1, columns - mark.length);
  const head = takeColumns(characters, Math.ceil(room / 2));
  const tail = takeColumns(characters.toReversed(), room - columnsOf(head.join('')));
  return head.join('') + mark + tail.toReversed().join('');
}

export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

function takeColumns(characters: readonly string[], columns: number): readonly string[] {
  let taken = 0;
  const end = characters.findIndex((character) => {
    taken += columnsOf(character);
    return taken > columns;
  });
  return end === -1 ? characters : characters.slice(0, end);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
