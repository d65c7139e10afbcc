import { prediction } from '../../metrics/prediction.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { examplePredictionTarget } from '../examples.ts';
import { readPredictionLog } from '../prediction-texts.ts';
import { recent } from '../vectors.ts';

const confirmed = select(prediction.prediction_anomaly_reports_total, { outcome: 'confirmed' });
const exampleReports = { ...examplePredictionTarget, kind: 'gpu', detector: 'peers', outcome: 'confirmed' } as const;
const ofGroup = { kind: 'gpu', group: 'c1/H200', detector: 'tail' } as const;

/** What is unusual, without any claim about failures. */
export default defineAlerts({
  theme: 'prediction-anomaly',
  alerts: [
    {
      name: 'AnomalyReported',
      expr: promql`round(sum by (cluster, kind, detector) (increase(${confirmed}[30m]))) > 0`,
      for: '1m',
      keepFiringFor: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'prediction',
      team: 'sre',
      summary: 'Something behaves unlike itself or unlike its peers.',
      description:
        'Reports about {{ $labels.kind }}s by the detector {{ $labels.detector }} in {{ $labels.cluster }} within half an hour: {{ $value | humanize }}. Look at the board Failure risk for which.',
      runbook: {
        meaning:
          'At least two signals of one device are unusual, or it deviates from its peers. One incident is one report, and the budget of reports is kept by the service. Unusual is not broken.',
        firstLook: [
          'Which ones: `topk(10, prediction_anomaly_score{signal="all"})`, or the board Failure risk.',
          'Which signals: `prediction_anomaly_score{uuid="<uuid>"}`.',
        ],
        remedy: [
          'A straggler of a job: compare its clocks, temperature and throttling with its neighbours.',
          'Work that is simply different: nothing. After three days it is the usual one.',
          'Too many reports: lower the budget of the detector in the file, as the guide of anomalies says.',
        ],
      },
      fires: {
        when: 'A GPU runs hotter than its neighbours',
        series: [[series(prediction.prediction_anomaly_reports_total, exampleReports), '3x20 4x20']],
        at: '30m',
        alerts: [{ cluster: 'c1', kind: 'gpu', detector: 'peers' }],
      },
      quiet: {
        when: 'A single signal was unusual',
        series: [
          [series(prediction.prediction_anomaly_reports_total, { ...exampleReports, outcome: 'single' }), '3x20 4x20'],
          [series(prediction.prediction_anomaly_reports_total, exampleReports), '3x40'],
        ],
        at: '30m',
      },
    },
    {
      name: 'FleetAnomaly',
      expr: promql`max by (cluster, kind, group, detector) (${recent(prediction.prediction_anomaly_fleet_event_active)}) > 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'sre',
      summary: 'A large share of a group deviates at once.',
      description:
        'Many of {{ $labels.group }} ({{ $labels.kind }}, {{ $labels.cluster }}) deviate at once by the detector {{ $labels.detector }}. Look for one cause: cooling, power, a rollout, or the data.',
      runbook: {
        meaning:
          'What befalls all at once has one cause. Reports of single devices are held back meanwhile, because they would say the same a hundred times.',
        firstLook: [
          'Since when: `prediction_anomaly_fleet_event_active`. What was changed then: drivers, jobs, air conditioning.',
          'Which signals: `count by (signal) (prediction_anomaly_score > 1.5)`.',
          readPredictionLog,
        ],
        remedy: [
          'Cooling or power: tell the site.',
          'A big job began or ended: nothing. The detectors know it after a while.',
          'An exporter or a scrape was changed: mend it, or let the detectors get used to it.',
        ],
      },
      fires: {
        when: 'The cooling of a hall fails',
        series: [
          [
            series(prediction.prediction_anomaly_fleet_event_active, { ...examplePredictionTarget, ...ofGroup }),
            '0x5 1x20',
          ],
        ],
        at: '20m',
        alerts: [{ cluster: 'c1', ...ofGroup }],
      },
      quiet: {
        when: 'A large job starts and is over in minutes',
        series: [
          [
            series(prediction.prediction_anomaly_fleet_event_active, { ...examplePredictionTarget, ...ofGroup }),
            '0x5 1x6 0x10',
          ],
        ],
        at: '20m',
      },
    },
  ],
});
