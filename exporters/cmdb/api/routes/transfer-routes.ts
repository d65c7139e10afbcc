import { ApiError, badField } from '../../../../kit/api/api-error.ts';
import { type Route, routeOf } from '../../../../kit/api/route.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Item } from '../../model/item.ts';
import { type ItemClass, identityKindsOf, isItemClass, itemClasses } from '../../model/item-class.ts';
import { type ExportedItem, toCsv, toYaml } from '../../sources/files/export-items.ts';
import { atParameter, inventoryAt } from '../inventory-at.ts';
import { lookView } from '../look-view.ts';
import { importTypes, readImport } from '../read-import.ts';
import type { CmdbServices } from '../services.ts';

type TransferServices = Pick<CmdbServices, 'store' | 'clock' | 'check' | 'maxImportBytes'>;

const route = routeOf<TransferServices>();
const tag = 'Import and export';
/** Source of what is imported. It is not looked at, so it never goes missing by itself. */
export const importSource = 'import';
const classNames = Object.keys(itemClasses);

export const transferRoutes: readonly Route<TransferServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/import',
    tag,
    id: 'importItems',
    access: 'editor',
    summary: 'Takes over items from CSV, YAML or JSON, as the source `import`.',
    about:
      'Items are found again by their identities; nothing is overwritten blindly. Rows that make no sense are left out and told. CSV is read row by row; YAML and JSON may have 32 MiB at most.',
    parameters: {
      dry_run: { in: 'query', type: 'boolean', default: false, about: 'Tells what would change, and changes nothing.' },
      complete: {
        in: 'query',
        type: 'boolean',
        default: false,
        about: 'Whether this is all there is, so that what was imported before and is not in it is missing.',
      },
      create: {
        in: 'query',
        type: 'boolean',
        default: true,
        about: 'False lists what is not known as findings instead of adding it.',
      },
      allow_missing: {
        in: 'query',
        type: 'boolean',
        default: false,
        about: 'With complete=true, lets any number go missing.',
      },
      class: {
        in: 'query',
        type: 'enum',
        values: classNames,
        default: 'server',
        about: 'Class of rows that name none.',
      },
      'content-length': {
        in: 'header',
        type: 'integer',
        min: 0,
        max: 999_999_999_999_999,
        about: 'Bytes of the body.',
      },
    },
    body: { kind: 'stream', about: 'Items, in the form in which they are exported.', types: importTypes },
    answers: { 200: { about: 'What it changes, and what was left out.', schema: { type: 'object' } } },
    handle: async ({ parameters, stream, contentType, caller, signal }, { store, clock, check, maxImportBytes }) => {
      const startedAt = clock.now();
      const { complete, create, dry_run: isDryRun, allow_missing: allowMissing } = parameters;
      const observation = await readImport(stream, {
        contentType,
        contentLength: parameters['content-length'],
        maxBytes: maxImportBytes,
        defaultClass: isItemClass(parameters.class) ? parameters.class : 'server',
        isComplete: complete,
        signal,
      });
      const result = await store.look({
        source: importSource,
        type: importSource,
        observation,
        startedAt,
        mayCreate: create,
        maxMissingRatio: allowMissing ? Number.POSITIVE_INFINITY : maxMissingRatio,
        check,
        isDryRun,
        actor: caller.name,
      });
      const view = {
        ...lookView(result, store.inventory),
        items: observation.items.length,
        problems: observation.problems.slice(0, maxProblems),
      };
      if (result.refusal === undefined || isDryRun) return { json: view };
      throw new ApiError('conflict', `${result.refusal}; send allow_missing=true if that is right`, { plan: view });
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/export',
    tag,
    id: 'exportItems',
    access: 'reader',
    summary: 'Writes all items out, so that reading them back finds the same items.',
    parameters: {
      format: {
        in: 'query',
        type: 'enum',
        values: ['csv', 'yaml', 'json'],
        default: 'csv',
        about: 'Form of the text.',
      },
      class: { in: 'query', type: 'list', about: `Only classes: ${classNames.join(', ')}.` },
      at: atParameter,
    },
    answers: {
      200: {
        about: 'Items with their identities, attributes and relations.',
        schema: { type: 'string' },
        types: ['text/csv', 'application/yaml', 'application/json'],
      },
    },
    handle: async ({ parameters }, services) => {
      const inventory = await inventoryAt(services, parameters.at);
      const unknown = parameters.class.find((name) => !isItemClass(name));
      if (unknown !== undefined)
        throw badField('class', `must be of ${classNames.join(', ')}, got ${JSON.stringify(unknown.slice(0, 80))}`);
      const classes = parameters.class.filter(isItemClass);
      // What is written meanwhile is not half of it: the items of this moment are taken at once.
      const items = exported(inventory, classes);
      const { format } = parameters;
      const headers = { 'Content-Disposition': `attachment; filename="inventory.${format}"` };
      if (format === 'csv') return { pieces: toCsv(items), type: 'text/csv; charset=utf-8', headers };
      if (format === 'yaml') return { pieces: toYaml(items), type: 'application/yaml; charset=utf-8', headers };
      return { pieces: toJson(items), type: 'application/json', headers };
    },
  }),
];

const maxMissingRatio = 0.1;
const maxProblems = 200;

function exported(inventory: Inventory, classes: readonly ItemClass[]): readonly ExportedItem[] {
  const wanted = new Set(classes);
  return [...inventory.items()]
    .filter((item) => classes.length === 0 || wanted.has(item.class))
    .map((item) => ({
      class: item.class,
      name: item.name,
      state: item.state,
      attributes: item.attributes,
      identities: item.identities,
      relations: inventory.outgoing(item.id).flatMap(({ type, to }) => {
        const other = inventory.item(to);
        const identity = other && surestIdentity(other);
        return other === undefined || identity === undefined ? [] : [{ type, class: other.class, identity }];
      }),
    }));
}

function surestIdentity(item: Item) {
  return identityKindsOf(item.class)
    .map((kind) => item.identities.find((identity) => identity.kind === kind))
    .find((identity) => identity !== undefined);
}

/** As `toYaml` writes it, so that it can be read back. */
function* toJson(items: readonly ExportedItem[]): Generator<string> {
  yield '{"items":[';
  let separator = '\n';
  for (const { relations, identities, ...item } of items) {
    const targets: Record<string, string[]> = {};
    for (const { type, class: itemClass, identity } of relations) {
      const ends = targets[type] ?? [];
      ends.push(`${itemClass}/${identity.kind}=${identity.value}`);
      targets[type] = ends;
    }
    const written = {
      ...item,
      identities: identities.map(({ kind, value }) => `${kind}=${value}`),
      relations: targets,
    };
    yield `${separator}${JSON.stringify(written)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}
