import { nodeAvailability } from '../slo/node-availability.ts';
import { sloRecordings } from '../slo/recordings.ts';

export const sloNodeAvailabilityGroup = sloRecordings(nodeAvailability);
