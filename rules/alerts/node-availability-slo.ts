import { sloAlerts } from '../slo/alerts.ts';
import { nodeAvailability } from '../slo/node-availability.ts';

export default sloAlerts(nodeAvailability);
