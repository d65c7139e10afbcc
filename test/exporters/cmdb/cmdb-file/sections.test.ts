import { readClasses } from '../../../../exporters/cmdb/cmdb-file/classes-section.ts';
import { readPrecedence } from '../../../../exporters/cmdb/cmdb-file/precedence-section.ts';
import { readSources } from '../../../../exporters/cmdb/cmdb-file/sources-section.ts';
import { defineSourceType, type SourceType } from '../../../../exporters/cmdb/sources/source-type.ts';
import { type Place, textOf } from '../../../../kit/config-values.ts';
import { observed } from '../../../support/cmdb-observed.ts';

const type = (name: string): SourceType =>
  defineSourceType({
    type: name,
    about: 'For this test.',
    keys: ['url'],
    read: (field) => textOf(field('url')),
    create: (source) => ({ name: source, type: name, observe: () => Promise.reject(new Error('not in this test')) }),
  });
const types = [type('prometheus'), type('netbox'), type('lldp')];
const deps = { readFile: () => '' };
const at = (value: unknown): Place => ({ value, where: 'cmdb.yml: sources' });
const sources = (value: unknown) => readSources(at(value), types, deps);

describe('sources', () => {
  test('have defaults', () => {
    expect(sources([{ type: 'netbox', url: 'https://netbox' }])).toMatchObject([
      { name: 'netbox', type: 'netbox', everySeconds: 300, mayCreate: true, maxMissingRatio: 0.2 },
    ]);
  });

  test('are read as they are written', () => {
    const entry = { name: 'dc1', type: 'netbox', url: 'x', every: '1h', create: false, max_missing: 0.05 };
    expect(sources([entry])).toMatchObject([
      { name: 'dc1', everySeconds: 3600, mayCreate: false, maxMissingRatio: 0.05 },
    ]);
    expect(sources([{ ...entry, every: 'never' }])).toMatchObject([{ everySeconds: 0 }]);
  });

  test.each([
    [
      [{ type: 'netbok', url: 'x' }],
      'cmdb.yml: sources[0].type must be one of prometheus, netbox, lldp, got "netbok"; did you mean netbox?',
    ],
    [
      [{ type: 'netbox', url: 'x', evry: '5m' }],
      'cmdb.yml: sources[0] has the unknown key evry; a source of type netbox may have name, type, every, create, max_missing, url; did you mean every?',
    ],
    [[{ type: 'netbox' }], 'cmdb.yml: sources[0].url must be'],
    [
      [{ type: 'netbox', url: 'x', every: 300 }],
      'cmdb.yml: sources[0].every must be a duration of at least 1s such as 5m, or never, got 300',
    ],
    [
      [{ type: 'netbox', url: 'x', max_missing: 20 }],
      'cmdb.yml: sources[0].max_missing must be a share from 0 to 1, got 20',
    ],
    [[{ type: 'netbox', url: 'x', create: 'no' }], 'cmdb.yml: sources[0].create must be true or false, got "no"'],
    [[{ type: 'netbox', url: 'x', name: 'manual' }], 'cmdb.yml: sources[0].name must be a name of lower-case letters'],
    [
      [
        { type: 'netbox', url: 'x' },
        { type: 'netbox', url: 'y' },
      ],
      'two sources are called netbox; give each a name',
    ],
    ['netbox', 'cmdb.yml: sources must be a list'],
  ])('%j is refused with the place and what is allowed', (value, message) => {
    expect(() => sources(value)).toThrow(message);
  });
});

describe('precedence', () => {
  const configured = sources([
    { type: 'lldp', url: 'x' },
    { type: 'prometheus', url: 'x' },
    { type: 'netbox', url: 'x' },
  ]);
  const read = (order: unknown, of?: unknown) =>
    readPrecedence({ value: order, where: 'precedence' }, { value: of, where: 'precedence_of' }, configured);

  test('is by kind of source unless somebody says otherwise', () => {
    expect(read(undefined).order).toEqual(['import', 'netbox', 'prometheus', 'lldp']);
    expect(read(['prometheus']).order).toEqual(['prometheus', 'import', 'netbox', 'lldp']);
  });

  test('may be another one for single attributes', () => {
    const { ofAttribute } = read(undefined, { driver_version: ['prometheus'] });
    expect(ofAttribute.get('driver_version')).toEqual(['prometheus', 'import', 'netbox', 'lldp']);
  });

  test('names sources that are there', () => {
    expect(() => read(['netbx'])).toThrow(
      'precedence[0] must be one of import, netbox, prometheus, lldp, got "netbx"; did you mean netbox?',
    );
  });
});

describe('classes', () => {
  const read = (value: unknown) => readClasses({ value, where: 'classes' });

  test('attributes that do not fit their schema are told with the reason', () => {
    const { check } = read({ server: { attributes: { owner_code: { type: 'string', pattern: '^[A-Z]{3}$' } } } });
    const withCode = (owner_code: string) => observed('server', 's', { hostname: 's' }, { attributes: { owner_code } });
    expect(check(withCode('ABC'))).toEqual([]);
    expect(check(withCode('abc'))).toEqual([{ attribute: 'owner_code', reason: 'must match pattern "^[A-Z]{3}$"' }]);
    expect(check(observed('gpu', 'g', { uuid: 'g' }, { attributes: { owner_code: 'abc' } }))).toEqual([]);
  });

  test.each([
    [{ sever: {} }, 'classes must be one of site'],
    [{ server: { attributes: { a: { type: 'strin' } } } }, 'classes.server.attributes.a is no valid JSON Schema'],
    [{ server: { attributes: { a: 5 } } }, 'classes.server.attributes.a must be a JSON Schema'],
    [{ server: { schema: {} } }, 'classes.server has the unknown key schema'],
  ])('%j is refused', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
