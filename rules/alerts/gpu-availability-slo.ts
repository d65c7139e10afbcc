import { sloAlerts } from '../slo/alerts.ts';
import { gpuAvailability } from '../slo/gpu-availability.ts';

export default sloAlerts(gpuAvailability);
