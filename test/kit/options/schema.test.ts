import { Ajv } from 'ajv';
import fc from 'fast-check';
import { gpuOptions } from '../../../exporters/gpu/options.ts';
import { daemonOptions } from '../../../kit/daemon-options.ts';
import { defineOptions, mayBeInFile } from '../../../kit/options/define.ts';
import { jsonSchema } from '../../../kit/options/schema.ts';
import { defaultValue, parseValue } from '../../../kit/options/value.ts';
import { complaint, parse, sample } from './sample-table.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
const accepts = ajv.compile(jsonSchema(sample));

function parserTakes(document: unknown): boolean {
  try {
    // JSON is YAML, so the same document goes to both.
    parse({ yaml: JSON.stringify(document) });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return false;
    throw error;
  }
}

const documents: readonly (readonly [isGood: boolean, document: unknown])[] = [
  [true, {}],
  [true, { pool: {} }],
  [true, { pool: { size: 3, share: 0.5, wait: '1m30s', enabled: false, lazy: true } }],
  [true, { 'pool.size': 3, 'log.level': 'warn', 'web.config.file': '/x' }],
  [true, { web: { config: { file: '/x' } } }],
  [true, { web: { 'config.file': '/x' } }],
  [true, { 'web.config': { file: '/x' } }],
  [true, { name: 5 }],
  [true, { name: { prefix: 'a' } }],
  [true, { libraries: ['a', 'b'] }],
  [true, { libraries: 'a, b' }],
  [true, { libraries: [] }],
  [true, { web: { 'listen-address': '[::1]:65535' } }],
  [true, { web: { 'listen-address': ':0' } }],
  [false, []],
  [false, 'name'],
  [false, { nmae: 'x' }],
  [false, { name: '' }],
  [false, { name: null }],
  [false, { name: true }],
  [false, { name: {}, other: {} }],
  [false, { pool: null }],
  [false, { pool: 3 }],
  [false, { pool: { size: 11 } }],
  [false, { pool: { size: 1.5 } }],
  [false, { pool: { size: '3' } }],
  [false, { pool: { share: -0.1 } }],
  [false, { pool: { wait: 5 } }],
  [false, { pool: { wait: '5' } }],
  [false, { pool: { lazy: 'true' } }],
  [false, { pool: { lazy: 1 } }],
  [false, { log: { level: 'loud' } }],
  [false, { log: { level: { debug: true } } }],
  [false, { libraries: [''] }],
  [false, { libraries: [1] }],
  [false, { libraries: 'a,,b' }],
  [false, { libraries: '' }],
  [false, { web: { 'listen-address': ':65536' } }],
  [false, { web: { 'listen-address': '::1:80' } }],
  [false, { web: { 'listen-address': 80 } }],
  [false, { config: { file: 'x' } }],
  [false, { 'config.check': true }],
  [false, { '': { name: 'x' } }],
];

test.each(documents)('%s for both: %j', (isGood, document) => {
  expect({ schema: accepts(document), parser: parserTakes(document) }).toEqual({ schema: isGood, parser: isGood });
});

test('one word that is wrong is what the schema complains about', () => {
  accepts({ pool: { size: 11 } });
  expect(accepts.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([
    '/pool/size must be <= 10',
  ]);
});

describe('whatever the document', () => {
  // Durations keep their own bounds and a key may be given twice in two forms: what a schema cannot say.
  const names = Object.entries(sample.options).flatMap(([name, spec]) =>
    mayBeInFile(name, spec) && spec.type !== 'duration' ? [name] : [],
  );
  const value = fc.oneof(
    fc.constantFrom('info', 'a,b', 'a, ,b', ':80', 'h:65536', '[::]:1', '', 'true', '5', ' ', 'a\nb', {}, null),
    fc.integer({ min: -3, max: 12 }),
    fc.double({ min: -1, max: 2, noNaN: true }),
    fc.boolean(),
    fc.string({ maxLength: 6 }),
    fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.integer()), { maxLength: 3 }),
  );
  const entry = fc
    .tuple(fc.oneof(fc.constantFrom(...names), fc.constantFrom('pool', 'pol.size', 'web.config')), value, fc.boolean())
    .map(([name, raw, nested]) =>
      nested ? name.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), raw) : { [name]: raw },
    );

  test('schema and parser agree', () => {
    fc.assert(
      fc.property(entry, (document) => {
        expect(accepts(document)).toBe(parserTakes(document));
      }),
      { numRuns: 1500 },
    );
  });

  test('the parser only ever complains as it should', () => {
    fc.assert(
      fc.property(fc.string(), (yaml) => typeof parserTakesText(yaml) === 'boolean'),
      { numRuns: 500 },
    );
  });
});

function parserTakesText(yaml: string): boolean {
  try {
    parse({ yaml });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError' && !/\p{Cc}/u.test(error.message)) return false;
    throw error;
  }
}

const daemon = defineOptions({ command: 'fleetlens x', about: 'x', options: daemonOptions(9400) });

describe.each([
  ['sample', sample],
  ['daemon', daemon],
  ['gpu', gpuOptions],
])('%s', (_, table) => {
  test('the schema is one, and takes the defaults', () => {
    const schema = jsonSchema(table);
    expect(ajv.validateSchema(schema)).toBe(true);
    const defaults = Object.entries(table.options).flatMap(([name, spec]) =>
      mayBeInFile(name, spec) && spec.default !== undefined ? [[name, spec.default]] : [],
    );
    expect(new Ajv({ strict: true, allowUnionTypes: true }).validate(schema, Object.fromEntries(defaults))).toBe(true);
  });

  test.each(Object.entries(table.options))('the default of %s is a value that it takes', (_name, spec) => {
    if (spec.default !== undefined) expect(parseValue(spec, spec.default, 'x')).toEqual(defaultValue(spec));
  });
});

test('a duration out of bounds is for the parser alone', () => {
  expect(accepts({ pool: { wait: '1ms' } })).toBe(true);
  expect(complaint({ yaml: 'pool.wait: 1ms' })).toContain('from 200ms to 1h');
});
