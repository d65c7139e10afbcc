import type { Bench } from './bench.ts';
import { eventRows } from './training-parse/events.ts';
import { lineRows } from './training-parse/lines.ts';

export const trainingParse: Bench = {
  name: 'training-parse',
  about:
    'decoding event files with all checksums against protobufjs with a table for the checksums, and log lines against one regular expression for each framework; TensorBoard itself is Python',
  run: async (progress) => [...(await eventRows(progress)), ...(await lineRows(progress))],
};
