// What a board shows before the panel that is measured; it also shows what the page itself costs.
define(['exports', 'react', '@grafana/data'], (exports, React, { PanelPlugin }) => {
  exports.plugin = new PanelPlugin(() => React.createElement('div', { 'data-testid': 'blank' })).useFieldConfig();
});
