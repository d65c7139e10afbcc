import { gpuAvailability } from '../slo/gpu-availability.ts';
import { sloRecordings } from '../slo/recordings.ts';

export const sloGpuAvailabilityGroup = sloRecordings(gpuAvailability);
