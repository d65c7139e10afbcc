import type { Progress } from '../../kit/store/backup/format.ts';

/** On a terminal one line that changes, otherwise one line for each table. */
export function showProgress(command: string, output: NodeJS.WriteStream): (progress: Progress) => void {
  let table: string | undefined;
  let shownAtMs = 0;
  return ({ table: current, rows, share }) => {
    const percent = share === undefined ? '' : ` ${Math.floor(share * 100)} %`;
    if (output.isTTY) {
      if (Date.now() - shownAtMs < 100) return;
      shownAtMs = Date.now();
      output.write(`\r\u001b[K${command}:${percent} ${rows} rows, ${current}`);
    } else if (current !== table) {
      output.write(`${command}:${percent} ${rows} rows, ${current}\n`);
    }
    table = current;
  };
}

/** Takes the line away that changes. */
export function endProgress(output: NodeJS.WriteStream): void {
  if (output.isTTY) output.write('\r\u001b[K');
}
