import { sloAlerts } from '../slo/alerts.ts';
import { trainingGoodput } from '../slo/training-goodput.ts';

export default sloAlerts(trainingGoodput);
