import type { CreateDecoder } from '../../../../../exporters/training/decoders/file-decoder.ts';

/** What a line says to the fake decoder that nothing after it can be understood. */
export const deadly = 'DIE';

/** Tells each whole line as a scalar of its text, with the number of the line in its file as value. */
export const createFakeDecoder: CreateDecoder = ({ stream, onRecord, onProblem, saved }) => {
  let pending = Buffer.alloc(0);
  let lines = typeof saved === 'object' && saved !== null && 'lines' in saved ? Number(saved.lines) : 0;
  let isDead = false;

  function take(line: string): void {
    if (line === deadly) {
      isDead = true;
      onProblem('bad_length');
    }
    if (isDead) return;
    lines++;
    stream.scalar(line, lines);
    onRecord(1);
  }

  return {
    push: (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      for (let end = pending.indexOf(10); end !== -1; end = pending.indexOf(10)) {
        take(pending.toString('utf8', 0, end));
        pending = pending.subarray(end + 1);
      }
    },
    settle: (readAtSeconds) => stream.settle(readAtSeconds),
    pendingBytes: () => pending.length,
    isDead: () => isDead,
    save: () => ({ lines }),
  };
};
