// Reads a JSON list of PrometheusRule objects and prints what is wrong with each, or null.
// A process of its own, because the models come as ES modules only and jest loads CommonJS.
import { readFileSync } from 'node:fs';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';

const objects = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(objects.map(complaint)));

function complaint(object) {
  try {
    new PrometheusRule(object).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}
