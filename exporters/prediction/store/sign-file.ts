import { readBounded } from '../../../kit/bounded-file.ts';
import { SourceError } from '../../../kit/errors.ts';
import { replaceFile } from '../../../kit/replace-file.ts';
import type { SignBook } from '../serving/sign-book.ts';

/** Signs of failures outlive the memory of the server that showed them. */
export interface SignFile {
  /** Undefined if there is none, or one of another version: then history is read again. */
  readonly load: () => Promise<SignBook | undefined>;
  readonly save: (book: SignBook) => Promise<void>;
}

const version = 1;
const maxBytes = 256 * 2 ** 20;

export function createSignFile(path: string): SignFile {
  return {
    load: async () => {
      const text = await readBounded(path, maxBytes);
      return text === undefined ? undefined : parse(text, path);
    },
    save: (book) => replaceFile(path, `${JSON.stringify({ version, ...book })}\n`),
  };
}

function parse(text: string, path: string): SignBook | undefined {
  try {
    const { version: written, ...book } = JSON.parse(text) as SignBook & { readonly version: number };
    return written === version ? book : undefined;
  } catch (error) {
    throw new SourceError(`${path} is damaged; remove it, and the signs of failures are read from the history again`, {
      cause: error,
    });
  }
}
