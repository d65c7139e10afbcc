import { isRelationType, relationTypes } from '../../exporters/cmdb/model/relation-type.ts';
import { wrap } from '../../kit/wrap.ts';
import { type Fields, fieldsOf, listOf, shortTime, textOf } from '../api-client/fields.ts';
import { textTable } from '../api-client/text-table.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';
import { showOptions } from './options.ts';
import { resolveItem } from './resolve-item.ts';
import { runInventoryCommand } from './run-inventory-command.ts';

const shownOthers = 8;

/** Runs `fleetlens cmdb show`. */
export function show(argv: readonly string[]): Promise<number> {
  return runInventoryCommand(
    showOptions,
    argv,
    async ({ options, words, client, style }) => {
      const { at } = options;
      const id = await resolveItem(words, at, client);
      const path = `/api/v1/items/${id}`;
      const [item, place, relations, findings] = await Promise.all([
        client.get(path, { at }),
        client.get(`${path}/place`, { at }),
        client.get(`${path}/relations`, { at }),
        client.get('/api/v1/findings', { item: id }),
      ]);
      const json = { item, place, relations, findings: fieldsOf(findings)['findings'] };
      const parts = {
        item: fieldsOf(item),
        place: fieldsOf(place),
        relations: fieldsOf(relations),
        findings: listOf(json.findings),
      };
      return { json, lines: itemText(parts, style) };
    },
    (options) => options,
  );
}

interface Parts {
  readonly item: Fields;
  readonly place: Fields;
  readonly relations: Fields;
  readonly findings: readonly Fields[];
}

function itemText({ item, place, relations, findings }: Parts, style: TextStyle): readonly string[] {
  const name = painted(safe(`${textOf(item['class'])} ${textOf(item['name'])}`, style), 'bold', style);
  const number = painted(`  item ${textOf(item['id'])}, version ${textOf(item['version'])}`, 'dim', style);
  return [
    name + number,
    ...facts(
      [
        ['State', textOf(item['state']).replaceAll('_', ' ')],
        ['Place', placeText(place)],
        ['Owner', ownerText(place)],
        ['Cluster', textOf(place['cluster'])],
        [
          'Known by',
          listOf(item['identities'])
            .map(({ kind, value }) => `${textOf(kind)} ${textOf(value)}`)
            .join(', '),
        ],
        ['Last seen', shortTime(item['last_seen'])],
        ['Missing since', shortTime(item['missing_since'])],
        ['Changed', shortTime(item['changed_at'])],
      ],
      style,
    ),
    ...attributeLines(item, style),
    ...relationLines(relations, style),
    ...noticeLines(item, findings, style),
  ];
}

function placeText(place: Fields): string {
  const nameOf = (key: string): string => textOf(fieldsOf(place[key])['name']);
  const parts = (['site', 'room', 'rack', 'chassis'] as const).map((key) => [key, nameOf(key)] as const);
  const unit = textOf(place['unit']);
  const named = parts.filter(([, name]) => name !== '').map(([key, name]) => `${key} ${name}`);
  return [...named, ...(unit === '' ? [] : [`unit ${unit}`])].join(', ');
}

function ownerText(place: Fields): string {
  const tenants = listOf(place['tenants']).map(({ name }) => textOf(name));
  const team = textOf(fieldsOf(place['team'])['name']);
  const person = textOf(fieldsOf(place['person'])['name']);
  const parts = [tenants.join(', '), team === '' ? '' : `team ${team}`, person === '' ? '' : `on call ${person}`];
  return parts.filter((part) => part !== '').join('; ');
}

function facts(pairs: readonly (readonly [string, string])[], style: TextStyle): readonly string[] {
  const width = Math.max(...pairs.map(([title]) => title.length)) + 4;
  return pairs
    .filter(([, text]) => text !== '')
    .flatMap(([title, text]) => {
      const [first = '', ...rest] = wrap(safe(text, style), { indent: ' '.repeat(width), width: style.width });
      return [`  ${painted(title.padEnd(width - 2), 'dim', style)}${first.trimStart()}`, ...rest];
    });
}

function attributeLines(item: Fields, style: TextStyle): readonly string[] {
  const origins = fieldsOf(item['origins']);
  const rows = Object.entries(fieldsOf(item['attributes']));
  if (rows.length === 0) return [];
  const table = textTable(
    rows,
    [
      { title: 'ATTRIBUTE', of: ([name]) => name },
      { title: 'VALUE', of: ([, value]) => textOf(value) },
      { title: 'FROM', of: ([name]) => (Object.hasOwn(origins, name) ? textOf(origins[name]) : '') },
    ],
    { ...style, width: style.width - 2 },
  );
  return ['', ...table.map((line) => `  ${line}`)];
}

function relationLines(relations: Fields, style: TextStyle): readonly string[] {
  const outgoing = groups(listOf(relations['outgoing']), 'about');
  const incoming = groups(listOf(relations['incoming']), 'reverse');
  const all = [...outgoing, ...incoming];
  return all.length === 0 ? [] : ['', ...facts(all, style)];
}

/** What it has to do with others in words, with the others behind. */
function groups(relations: readonly Fields[], side: 'about' | 'reverse'): readonly (readonly [string, string])[] {
  const words = new Map<string, string[]>();
  for (const relation of relations) {
    const type = textOf(relation['type']);
    const title = isRelationType(type) ? relationTypes[type][side] : type;
    const other = fieldsOf(relation['item']);
    const named = words.get(title) ?? [];
    named.push(`${textOf(other['class'])} ${textOf(other['name'])} (${textOf(other['id'])})`);
    words.set(title, named);
  }
  return [...words].map(([title, named]) => {
    const more = named.length > shownOthers ? ` and ${named.length - shownOthers} more` : '';
    return [title, named.slice(0, shownOthers).join(', ') + more] as const;
  });
}

function noticeLines(item: Fields, findings: readonly Fields[], style: TextStyle): readonly string[] {
  const conflicts = listOf(item['conflicts']).map((conflict) => {
    const said = Object.entries(fieldsOf(conflict['said'])).map(([source, value]) => `${source} says ${textOf(value)}`);
    return `Sources disagree about ${textOf(conflict['about'])}: ${said.join(', ')}`;
  });
  const found = findings.map(({ kind, reason }) => `${textOf(kind)}: ${textOf(reason)}`);
  const lines = [...conflicts, ...found];
  if (lines.length === 0) return [];
  return [
    '',
    ...lines
      .flatMap((line) => wrap(safe(line, style), { indent: '  ', width: style.width }))
      .map((line) => painted(line, 'yellow', style)),
  ];
}
