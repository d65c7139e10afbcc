import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import { cut } from '../../../../kit/options/preview.ts';
import { type Answer, type Capture, captureFormat, captureOrigins, maxDevices, type Rounds } from './capture.ts';
import { asArray, asInteger, asObject, asText, ShapeError, wrong } from './json-shape.ts';
import { asDevice, parseAnswer } from './parse-answer.ts';

const maxRounds = 1000;
const maxSymbols = 2000;
const maxCalls = 10_000;
const maxName = 200;

/** A capture from the text of its file. Throws ConfigError with the file and the place in it. */
export function parseCapture(file: string, text: string): Capture {
  const json = parseJson(file, text);
  try {
    return readCapture(json);
  } catch (error) {
    if (error instanceof ShapeError) throw new ConfigError(`${file}: ${error.message}`);
    throw error;
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file} is no JSON (${reasonOf(error)}); it may be torn, take the capture again`);
  }
}

function readCapture(json: unknown): Capture {
  const { format, origin, rounds, symbols, devices } = asObject(json, 'the file');
  if (format !== captureFormat) throw wrongFormat(format);
  const known = captureOrigins.find((each) => each === origin);
  if (known === undefined) throw wrong('origin', `one of ${captureOrigins.join(', ')}`, origin);
  const count = asInteger(rounds, 'rounds', maxRounds);
  if (count === 0) throw wrong('rounds', `an integer from 1 to ${maxRounds}`, rounds);
  const entries = Object.entries(asObject(devices, 'devices'));
  return {
    origin: known,
    rounds: count,
    symbols: asArray(symbols, 'symbols', maxSymbols).map((symbol, at) => asText(symbol, `symbols[${at}]`, maxName)),
    devices: new Map(entries.map(([device, calls]) => readDevice(device, calls, count))),
  };
}

function wrongFormat(format: unknown): ShapeError {
  if (typeof format === 'string' && format.startsWith('fleetlens-nvml-capture/'))
    return new ShapeError(
      `format is ${cut(format)}, which this version cannot read; it reads ${captureFormat}: take the capture again with this version`,
    );
  return wrong('format', `${captureFormat}, as fleetlens gpu capture writes it`, format);
}

function readDevice(device: string, calls: unknown, rounds: number): readonly [string, ReadonlyMap<string, Rounds>] {
  const place = `devices.${asDevice(device, 'a key of devices')}`;
  const entries = Object.entries(asObject(calls, place));
  if (entries.length > maxCalls) throw new ShapeError(`${place} has ${entries.length} calls; it may have ${maxCalls}`);
  return [
    device,
    new Map(entries.map(([key, answers]) => [key, readRounds(key, answers, `${place}["${cut(key)}"]`, rounds)])),
  ];
}

function readRounds(key: string, answers: unknown, place: string, rounds: number): Rounds {
  if (!Array.isArray(answers)) return [bounded(key, parseAnswer(answers, place), place)];
  const list = asArray(answers, place, rounds);
  return list.map((answer, round) =>
    answer === null ? undefined : bounded(key, parseAnswer(answer, `${place}[${round}]`), `${place}[${round}]`),
  );
}

/** Functions whose answer says how often others are called. */
const counts = /^nvmlDeviceGet(Count|MaxMigDeviceCount)(_v2)?$/;

function bounded(key: string, answer: Answer, place: string): Answer {
  if (!counts.test(key) || answer.output?.kind !== 'values') return answer;
  const [count = 0n] = answer.output.values;
  if (typeof count === 'bigint' && count <= BigInt(maxDevices)) return answer;
  throw wrong(`${place}.values[0]`, `an integer from 0 to ${maxDevices}`, count);
}
