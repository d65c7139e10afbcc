import type { Quality } from '../view.ts';

type Message = Omit<Quality, 'pushedAt'>;

const longestName = 256;
const keys = ['model_name', 'dataset', 'accuracy', 'threshold'];

/** Reads the body of a push: the message, or what is wrong with it in words. */
export function parseQuality(text: string): Message | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'the body is no JSON';
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'the body must be a JSON object';
  const given = new Map<string, unknown>(Object.entries(body));
  const unknown = [...given.keys()].find((key) => !keys.includes(key));
  if (unknown !== undefined) return `${unknown.slice(0, 80)} is not known; there are ${keys.join(', ')}`;
  const modelName = given.get('model_name');
  const dataset = given.get('dataset') ?? '';
  const accuracy = given.get('accuracy');
  const threshold = given.get('threshold') ?? undefined;
  if (!isName(modelName) || modelName === '') return `model_name must be a text of 1 to ${longestName} characters`;
  if (!isName(dataset)) return `dataset must be a text of at most ${longestName} characters`;
  if (!isShare(accuracy)) return 'accuracy must be a number from 0 to 1';
  if (threshold !== undefined && !isShare(threshold)) return 'threshold must be a number from 0 to 1';
  return { modelName, dataset, accuracy, threshold };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestName;
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
