import { createHash } from 'node:crypto';

/** Knows which beginnings of prompts were computed before. */
export interface PrefixCache {
  /** How many tokens at the beginning of the prompt are there; from now on all of its whole blocks are. */
  readonly look: (tokens: readonly string[]) => number;
}

/** vLLM keeps whole blocks of so many tokens. */
const blockTokens = 16;
const keptBlocks = 2000;

export function createPrefixCache(): PrefixCache {
  const blocks = new Set<string>();

  function keep(hash: string): void {
    blocks.delete(hash);
    blocks.add(hash);
    const [oldest] = blocks;
    if (blocks.size > keptBlocks && oldest !== undefined) blocks.delete(oldest);
  }

  return {
    look: (tokens) => {
      const hashes = hashesOf(tokens);
      const known = hashes.findIndex((hash) => !blocks.has(hash));
      for (const hash of hashes) keep(hash);
      const hits = (known === -1 ? hashes.length : known) * blockTokens;
      // The last token is always computed: its answer is what is wanted.
      return Math.min(hits, Math.max(0, tokens.length - 1));
    },
  };
}

/** The hash of a block is that of all tokens up to its end. */
function hashesOf(tokens: readonly string[]): readonly string[] {
  const hash = createHash('sha256');
  return Array.from({ length: Math.floor(tokens.length / blockTokens) }, (_, block) => {
    hash.update(tokens.slice(block * blockTokens, (block + 1) * blockTokens).join(' '));
    return hash.copy().digest('base64');
  });
}
