// What a user would pick instead: the component of Grafana's own table panel, as that panel calls it.
define(['exports', 'react', '@grafana/data', '@grafana/ui/unstable'], (
  exports,
  React,
  { PanelPlugin },
  { TableNG },
) => {
  function Table({ data, width, height, timeRange, fieldConfig }) {
    const [frame] = data.series;
    if (frame === undefined) return null;
    const { structureRev } = data;
    return React.createElement(TableNG, { data: frame, width, height, timeRange, fieldConfig, structureRev });
  }
  exports.plugin = new PanelPlugin(Table).useFieldConfig();
});
