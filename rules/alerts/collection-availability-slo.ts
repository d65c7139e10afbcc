import { sloAlerts } from '../slo/alerts.ts';
import { collectionAvailability } from '../slo/collection-availability.ts';

export default sloAlerts(collectionAvailability);
