/** Counts the pieces of a streamed answer that hold text, as a client of OpenAI or Ollama does that shows them. */
export interface PieceCounter {
  /** Returns how many pieces have come in all. */
  readonly push: (bytes: Buffer) => number;
}

export function createPieceCounter(): PieceCounter {
  let rest = '';
  let pieces = 0;
  return {
    push: (bytes) => {
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      pieces += lines.filter(holdsText).length;
      return pieces;
    },
  };
}

interface Piece {
  readonly choices?: readonly { readonly delta?: { readonly content?: string } }[];
  readonly message?: { readonly content?: string };
}

function holdsText(line: string): boolean {
  const json = line.startsWith('data: ') ? line.slice('data: '.length) : line;
  if (!json.startsWith('{')) return false;
  const { choices, message }: Piece = JSON.parse(json);
  const text = choices?.[0]?.delta?.content ?? message?.content ?? '';
  return text !== '';
}
