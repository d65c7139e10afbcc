import type { Metric } from '../../metrics/define.ts';
import type { RecordedFields, RecordingGroup } from '../recording.ts';
import { compatRecordings } from './compat.ts';
import { gpuRecordings } from './gpu.ts';

/** Every group of recording rules, in the order of the reference. */
export const recordingGroups: readonly RecordingGroup[] = [gpuRecordings, compatRecordings];

/** Every recorded series by name, as `catalogue` is for emitted ones. */
export const recorded: ReadonlyMap<string, Metric & RecordedFields> = new Map(
  recordingGroups.flatMap(({ series }) => Object.entries(series)),
);
