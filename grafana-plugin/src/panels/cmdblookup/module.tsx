import { PanelPlugin } from '@grafana/data';
import { t } from '@grafana/i18n';
import { loadTexts } from './locales/load-texts';
import { defaults, type Options } from './options';
import { Panel } from './Panel';

loadTexts();

export const plugin = new PanelPlugin<Options>(Panel).setNoPadding().setPanelOptions((builder) =>
  builder
    .addTextInput({
      path: 'lookup',
      name: t('cmdb.option.lookup', 'Look up'),
      description: t(
        'cmdb.option.lookupText',
        'A host name, GPU UUID, serial number, address or tenant; or variables of the board such as $node. Empty: people search themselves.',
      ),
      defaultValue: defaults.lookup,
      settings: { placeholder: '$node' },
    })
    .addBooleanSwitch({
      path: 'hasSearch',
      name: t('cmdb.option.search', 'Search field'),
      defaultValue: defaults.hasSearch,
    }),
);
