import { syntaxErrors } from '../../cli/rules/promql/syntax.ts';
import { isSameUnit, type Series, unitOfPromql } from '../../cli/rules/promql/unit-of-promql.ts';
import { type PanelUnit, panelUnitOf } from '../../dashboards/units.ts';
import {
  type BoardJson,
  type GridJson,
  type PanelJson,
  panelsOf,
  queryCounts,
  queryOf,
  type SourceJson,
  type TargetJson,
  targetsOf,
  type VariableJson,
  withoutVariables,
} from './board-json.ts';
import { complaintsAboutCost } from './query-cost.ts';
import { bareCounters, complaintsAboutNames, fixedWindows, notAggregated } from './query-rules.ts';

/** Looks at one board and says in words what is wrong with it; nothing when it keeps the law. */
export type Rule = (board: BoardJson, series: Series) => readonly string[];

const templated = '$' + '{datasource}';

function isTemplated(source: SourceJson | undefined): boolean {
  return source?.type === 'prometheus' && source.uid === templated;
}

function datasourceVariable(board: BoardJson): readonly string[] {
  const variable = board.templating.list.find(({ type }) => type === 'datasource');
  if (variable === undefined) return ['no data source variable'];
  const good = variable.name === 'datasource' && variable.label === 'Data source' && variable.query === 'prometheus';
  return good ? [] : ['the data source variable must be a prometheus one named "datasource", labelled "Data source"'];
}

function sources(board: BoardJson): readonly string[] {
  const queried = board.templating.list.filter(({ type }) => type === 'query');
  return [
    ...panelsOf(board)
      .filter(({ datasource }) => !isTemplated(datasource))
      .map(({ title }) => `panel ${title}`),
    ...targetsOf(board)
      .filter(({ target }) => !isTemplated(target.datasource))
      .map(({ where }) => `query ${where}`),
    ...queried.filter(({ datasource }) => !isTemplated(datasource)).map(({ name }) => `variable ${name}`),
  ].map((what) => `${what} does not use the data source variable`);
}

function titles(board: BoardJson): readonly string[] {
  const seen = new Set<string>();
  return panelsOf(board).flatMap(({ id, title, description }) => {
    if (title === undefined || title === '') return [`panel ${id} has no title`];
    if (seen.has(title)) return [`two panels are called "${title}"`];
    seen.add(title);
    return description === undefined || description === '' ? [`panel "${title}" has no description`] : [];
  });
}

/** Letters that fit beside the information sign on a screen 1280 pixels wide, by columns of the panel. */
const letters: Readonly<Record<number, number>> = { 4: 17, 6: 28, 8: 40 };

function titleWidths(board: BoardJson): readonly string[] {
  return panelsOf(board).flatMap(({ title = '', gridPos: { w } }) =>
    title.length <= (letters[w] ?? 60) ? [] : [`"${title}" is cut off: ${title.length} letters in ${w} columns`],
  );
}

/** Grafana writes into each empty cell what the whole panel says when it is empty, unless the cells have a text of their own. */
function emptyCells(board: BoardJson): readonly string[] {
  return panelsOf(board)
    .filter(({ type }) => type === 'table')
    .filter(
      ({ fieldConfig }) =>
        fieldConfig?.overrides.some(
          ({ matcher, properties }) => matcher.options === '/.*/' && properties.some(({ id }) => id === 'noValue'),
        ) !== true,
    )
    .map(({ title }) => `the empty cells of "${title}" have no text of their own`);
}

function targets(board: BoardJson): readonly string[] {
  return panelsOf(board).flatMap(({ title, targets: queries = [] }) => {
    if (queries.length === 0) return [`panel "${title}" has no query`];
    return new Set(queries.map(({ refId }) => refId)).size < queries.length ? [`"${title}" repeats a refId`] : [];
  });
}

/** A rule that looks at each query by itself. */
function ofQueries(complain: (expr: string, series: Series) => readonly string[]): Rule {
  return (board, series) =>
    targetsOf(board).flatMap(({ where, target }) =>
      complain(target.expr, series).map((complaint) => `${where}: ${complaint}`),
    );
}

function cheap(board: BoardJson, series: Series): readonly string[] {
  return panelsOf(board).flatMap((panel) =>
    (panel.targets ?? []).flatMap(({ refId, expr }) =>
      complaintsAboutCost(expr, panel.type, series).map((complaint) => `${panel.title} ${refId}: ${complaint}`),
    ),
  );
}

/** So many queries may a board ask when it is opened, and so many one panel, which names them by letters. */
const mostOnOpening = 40;
const mostInPanel = 26;

function counts(board: BoardJson): readonly string[] {
  const { onOpening } = queryCounts(board);
  return [
    ...(onOpening > mostOnOpening
      ? [`${onOpening} queries on opening are more than ${mostOnOpening}: collapse a row`]
      : []),
    ...panelsOf(board)
      .filter(({ targets: queries = [] }) => queries.length > mostInPanel)
      .map(({ title, targets: queries = [] }) => `${title} has ${queries.length} queries, more than ${mostInPanel}`),
  ];
}

function instantOrRange(board: BoardJson): readonly string[] {
  return targetsOf(board).flatMap(({ where, panel, target }) => {
    const curve = panel.type === 'timeseries' || panel.type === 'heatmap';
    if (target.range === curve && target.instant === !curve) return [];
    return [`${where} must be ${curve ? 'a range' : 'an instant'} query, since it feeds a ${panel.type}`];
  });
}

function units(board: BoardJson, series: Series): readonly string[] {
  return targetsOf(board).flatMap(({ where, panel, target }) => {
    const id = unitIdOf(panel, target);
    const unit = id === undefined ? undefined : panelUnitOf(id);
    if (unit === undefined) return [`${where} has ${id === undefined ? 'no unit' : `the unknown unit "${id}"`}`];
    return unitComplaints(where, unit, target, series);
  });
}

function unitComplaints(where: string, unit: PanelUnit, target: TargetJson, series: Series): readonly string[] {
  const text = withoutVariables(target.expr);
  if (syntaxErrors(text).length > 0) return [];
  try {
    const inferred = unitOfPromql(text, series);
    // A probability is a ratio, though OpenMetrics has no such unit for its name.
    const isChance = unit === 'ratio' && inferred === 'none' && /_probability\b/.test(text);
    return isChance || isSameUnit(unit, inferred) ? [] : [`${where} shows ${unit}, but its series give ${inferred}`];
  } catch (error) {
    return [`${where}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** In tables each column has its own unit, by its heading. */
function unitIdOf({ type, fieldConfig, transformations }: PanelJson, { refId }: TargetJson): string | undefined {
  if (type !== 'table') return fieldConfig?.defaults.unit;
  const names = transformations?.find(({ id }) => id === 'organize')?.options.renameByName ?? {};
  const heading = names[`Value #${refId}`];
  const override = fieldConfig?.overrides.find(
    ({ matcher, properties }) => matcher.options === heading && properties.some(({ id }) => id === 'unit'),
  );
  const value = override?.properties.find(({ id }) => id === 'unit')?.value;
  return typeof value === 'string' ? value : undefined;
}

function queryVariables({ templating }: BoardJson): readonly VariableJson[] {
  return templating.list.filter(({ type }) => type === 'query');
}

function variableQueries(board: BoardJson): readonly string[] {
  return queryVariables(board).flatMap((variable) => {
    const { name, label } = variable;
    const selector = /^label_values\((.+), \w+\)$/.exec(queryOf(variable))?.[1];
    const problems =
      selector === undefined ? ['must be label_values(series, label)'] : syntaxErrors(withoutVariables(selector));
    return [
      ...problems.map((problem) => `variable ${name}: ${problem}`),
      ...(label === undefined || label === '' ? [`variable ${name} has no label`] : []),
    ];
  });
}

function variableRefresh(board: BoardJson): readonly string[] {
  return queryVariables(board)
    .filter(({ refresh }) => refresh !== 2)
    .map(({ name }) => `variable ${name} does not refresh when the time range changes`);
}

const builtIn = /^__(?:rate_interval|interval|range)$/;

function usedVariables(board: BoardJson): readonly string[] {
  const declared = new Set(board.templating.list.map(({ name }) => name));
  const texts = [...targetsOf(board).map(({ target }) => target.expr), ...board.templating.list.map(queryOf)];
  const used = new Set(texts.flatMap((text) => [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name ?? '')));
  return [...used]
    .filter((name) => !declared.has(name) && !builtIn.test(name))
    .map((name) => `$${name} is used and not declared`);
}

function identity(board: BoardJson): readonly string[] {
  const { id, uid, revision, schemaVersion } = board;
  return [
    ...(id === null ? [] : ['id must be null, so that Grafana gives its own']),
    ...(/^[a-z0-9-]{1,40}$/.test(uid) ? [] : [`uid "${uid}" must be 1 to 40 of a-z, 0-9 and -`]),
    ...(Number.isInteger(revision) ? [] : ['revision must be an integer']),
    ...(schemaVersion === 42 ? [] : [`schemaVersion must be 42, not ${String(schemaVersion)}`]),
  ];
}

function editable(board: BoardJson): readonly string[] {
  return board.editable === false ? [] : ['the board is editable'];
}

/** A list of all boards, and by name those that answer the next question; both keep what was chosen. */
function topLinks({ links, tags = [] }: BoardJson): readonly string[] {
  const list = links.find(({ type, tags: listed = [] }) => type === 'dashboards' && listed.includes('fleetlens'));
  const named = links.filter(({ type }) => type === 'link');
  return [
    ...(tags.includes('fleetlens') ? [] : ['without the tag fleetlens no list offers the board']),
    ...(list?.asDropdown === true ? [] : ['no list of all boards']),
    ...(named.length > 0 ? [] : ['no link to the board that answers the next question']),
    ...links.filter(({ keepTime }) => keepTime !== true).map(({ title }) => `link ${title} loses the time range`),
    ...links
      .filter(({ url = '/d/', includeVars }) => url.startsWith('/d/') && includeVars !== true)
      .map(({ title }) => `link ${title} loses what was chosen`),
    ...named
      .filter(({ tooltip = '' }) => tooltip === '')
      .map(({ title }) => `link ${title} does not say what it answers`),
  ];
}

function introduction({ description = '' }: BoardJson): readonly string[] {
  if (!description.includes('?')) return ['the description asks no question'];
  return /\? .*For .+\. Layers?: .+\.$/.test(description)
    ? []
    : ['the description does not say for whom the board is and at which layer it looks'];
}

function ids(board: BoardJson): readonly string[] {
  const all = [...board.panels.filter(({ type }) => type === 'row'), ...panelsOf(board)];
  const count = new Map<number, number>();
  for (const { id } of all) count.set(id, (count.get(id) ?? 0) + 1);
  return [...count].filter(([, times]) => times > 1).map(([id]) => `${count.get(id)} panels have the id ${id}`);
}

function grid(board: BoardJson): readonly string[] {
  return [...gridOf(board.panels), ...board.panels.flatMap(({ panels = [] }) => gridOf(panels))];
}

function gridOf(panels: readonly PanelJson[]): readonly string[] {
  return panels.flatMap((panel, index) => {
    const name = panel.title ?? String(panel.id);
    const { x, w } = panel.gridPos;
    const width = [4, 6, 8, 12, 24].includes(w) && x + w <= 24 ? [] : [`"${name}" does not fit the grid`];
    const others = panels.slice(index + 1).filter((other) => overlap(panel.gridPos, other.gridPos));
    return [...width, ...others.map((other) => `"${name}" overlaps "${other.title}"`)];
  });
}

function overlap(a: GridJson, b: GridJson): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Those of Grafana's dashboard linter by its names; the ones about jobs and instances are excluded, see dashboards/lint.ts. */
export const linterRules = {
  'template-datasource': datasourceVariable,
  'template-label-promql': variableQueries,
  'template-on-time-change-reload': variableRefresh,
  'panel-datasource': sources,
  'panel-title-description': titles,
  'panel-units': units,
  'panel-no-targets': targets,
  'target-promql': ofQueries(complaintsAboutNames),
  'target-rate-interval': ofQueries(fixedWindows),
  'target-counter-agg': ofQueries(bareCounters),
  'uneditable-dashboard': editable,
} as const satisfies Readonly<Record<string, Rule>>;

/** And ours. */
export const ownRules = {
  'target-aggregated': ofQueries(notAggregated),
  'target-instant-or-range': instantOrRange,
  'target-cheap': cheap,
  'template-declared': usedVariables,
  'board-identity': identity,
  'board-introduction': introduction,
  'board-links': topLinks,
  'board-query-count': counts,
  'panel-ids': ids,
  'panel-grid': grid,
  'panel-title-width': titleWidths,
  'table-empty-cells': emptyCells,
} as const satisfies Readonly<Record<string, Rule>>;

export const dashboardRules = { ...linterRules, ...ownRules } as const;

/** Boards that have a uid in common would overwrite each other. */
export function repeatedUids(boards: readonly BoardJson[]): readonly string[] {
  const uids = boards.map(({ uid }) => uid);
  return [...new Set(uids.filter((uid, index) => uids.indexOf(uid) !== index))];
}

/** Grafana imports a board again only when its revision differs. */
export function isStaleRevision(before: BoardJson, after: BoardJson): boolean {
  const [a, b] = [before, after].map((board) => JSON.stringify({ ...board, revision: 0 }));
  return a !== b && before.revision === after.revision;
}
