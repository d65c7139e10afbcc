import { sloRecordings } from '../slo/recordings.ts';
import { trainingGoodput } from '../slo/training-goodput.ts';

export const sloTrainingGoodputGroup = sloRecordings(trainingGoodput);
