import { errnoOf } from '../../kit/errors.ts';

/** Whoever reads what is printed may have enough of it, such as head: then there is nothing left to do, and no reason to complain. */
export function endWithReader(output: NodeJS.WriteStream): void {
  output.on('error', (error) => {
    if (errnoOf(error) !== 'EPIPE') throw error;
    process.exit(1);
  });
}
