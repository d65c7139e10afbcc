import { collectionAvailability } from '../slo/collection-availability.ts';
import { sloRecordings } from '../slo/recordings.ts';

export const sloCollectionAvailabilityGroup = sloRecordings(collectionAvailability);
