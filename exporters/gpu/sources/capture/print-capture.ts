import { answerToJson } from './answer-json.ts';
import { type Capture, captureFormat, type Rounds } from './capture.ts';

/** The text of a capture file: JSON with one line for each call. */
export function printCapture({ origin, symbols, rounds, devices }: Capture): string {
  const named = [...devices].map(([device, calls]) => `    ${quoted(device)}: ${printCalls(calls)}`);
  return `{
  "format": ${quoted(captureFormat)},
  "origin": ${quoted(origin)},
  "rounds": ${rounds},
  "symbols": [
${symbols.map((symbol) => `    ${quoted(symbol)}`).join(',\n')}
  ],
  "devices": {
${named.join(',\n')}
  }
}
`;
}

function printCalls(calls: ReadonlyMap<string, Rounds>): string {
  const lines = [...calls].map(([key, rounds]) => `      ${quoted(key)}: ${printRounds(rounds)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n    }`;
}

/** A list with the answer of each round and null where there was none, or the one answer that all of them had. */
function printRounds(rounds: Rounds): string {
  const answers = rounds.map((answer) => (answer === undefined ? 'null' : quoted(answerToJson(answer))));
  const different = new Set(answers.filter((answer) => answer !== 'null'));
  const [only] = different;
  return only !== undefined && different.size === 1 ? only : `[${answers.join(', ')}]`;
}

function quoted(value: unknown): string {
  return JSON.stringify(value);
}
