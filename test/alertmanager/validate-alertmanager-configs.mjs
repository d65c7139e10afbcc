// Reads a JSON list of AlertmanagerConfig objects and prints what is wrong with each, or null.
// A process of its own, because the models come as ES modules only and jest loads CommonJS.
import { readFileSync } from 'node:fs';
import { AlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';

const objects = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(objects.map(complaint)));

function complaint(object) {
  try {
    new AlertmanagerConfig(object).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}
