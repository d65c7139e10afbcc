import { VariableRefresh } from '@grafana/data';
import { DataSourceVariable, QueryVariable, type SceneVariable, SceneVariableSet } from '@grafana/scenes';
import type { ClassicBoard, ClassicVariable } from './classic-board';
import { datasource } from './datasource';

/** The choices at the top of a board. */
export function boardVariables(board: ClassicBoard): SceneVariableSet {
  return new SceneVariableSet({ variables: board.templating.list.map(sceneVariable) });
}

function sceneVariable(variable: ClassicVariable): SceneVariable {
  const { name, label, description } = variable;
  if (variable.type === 'datasource')
    return new DataSourceVariable({ name, label, description, pluginId: 'prometheus' });
  return new QueryVariable({
    name,
    label,
    description,
    datasource,
    query: { query: variable.definition ?? '', refId: 'StandardVariableQuery' },
    refresh: VariableRefresh.onTimeRangeChanged,
    sort: variable.sort,
    ...(variable.includeAll === true ? all(variable) : {}),
  });
}

/** A variable without "all" is about one thing; without a value it takes the first. */
function all({ allValue }: ClassicVariable) {
  return { isMulti: true, includeAll: true, allValue, value: ['$__all'], text: ['All'] };
}
