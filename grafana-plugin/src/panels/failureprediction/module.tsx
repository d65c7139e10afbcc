import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { initPluginTranslations, t } from '@grafana/i18n';
import { HORIZONS } from './horizon';
import { loadOwnTexts } from './locales/own-texts';
import { defaults, type Options } from './options';
import { Panel } from './Panel';
import plugins from './plugin.json';
import { horizonText } from './texts/words';

// Nobody waits for it: texts are English until they are there.
initPluginTranslations(plugins.id, [loadOwnTexts]).catch(() => undefined);

// biome-ignore lint/correctness/useHookAtTopLevel: it is no hook, it only has the name of one
export const plugin = new PanelPlugin<Options>(Panel)
  .useFieldConfig({
    disableStandardOptions: Object.values(FieldConfigProperty).filter(
      (each) => each !== FieldConfigProperty.Decimals && each !== FieldConfigProperty.NoValue,
    ),
  })
  .setNoPadding()
  .setPanelOptions((builder) =>
    builder
      .addRadio({
        path: 'view',
        name: t('failure.option.view', 'View'),
        defaultValue: defaults.view,
        settings: {
          options: [
            { value: 'both', label: t('failure.view.both', 'Both') },
            { value: 'table', label: t('failure.view.table', 'Table') },
            { value: 'heatmap', label: t('failure.view.heatmap', 'Heat map') },
          ],
        },
      })
      .addSelect({
        path: 'horizon',
        name: t('failure.option.horizon', 'Horizon'),
        description: t('failure.option.horizonAbout', 'What is sorted and coloured by. May be a variable.'),
        defaultValue: defaults.horizon,
        settings: {
          allowCustomValue: true,
          options: HORIZONS.map((value) => ({ value, label: horizonText(value) })),
        },
      })
      .addTextInput({
        path: 'gpu',
        name: t('failure.option.gpu', 'GPU'),
        description: t(
          'failure.option.gpuAbout',
          'UUID of the GPU to explain. A variable such as $gpu follows what is clicked, so that queries can use it.',
        ),
        defaultValue: defaults.gpu,
        settings: { placeholder: '$gpu' },
      })
      .addTextInput({
        path: 'nodes',
        name: t('failure.option.nodes', 'Nodes'),
        description: t(
          'failure.option.nodesAbout',
          'Only nodes whose name matches this regular expression. Ranks stay those of all GPUs.',
        ),
        defaultValue: defaults.nodes,
        settings: { placeholder: '$' + '{node:regex}' },
      })
      .addNumberInput({
        path: 'rows',
        name: t('failure.option.rows', 'Most rows in the table'),
        defaultValue: defaults.rows,
        settings: { min: 1, max: 20_000, integer: true },
      })
      .addTextInput({
        path: 'thresholds',
        name: t('failure.option.thresholds', 'Colours change at'),
        description: t(
          'failure.option.thresholdsAbout',
          'Up to five probabilities from low to high. Without them colours are multiples of the base rate.',
        ),
        defaultValue: defaults.thresholds,
        settings: { placeholder: '1%, 5%, 20%' },
      })
      .addNumberInput({
        path: 'staleMinutes',
        name: t('failure.option.stale', 'Stale after minutes'),
        defaultValue: defaults.staleMinutes,
        settings: { min: 1, integer: true },
      })
      .addTextInput({
        path: 'runbooks',
        name: t('failure.option.runbooks', 'Address of the runbooks'),
        description: t('failure.option.runbooksAbout', 'The name of the alert and .md follow.'),
        defaultValue: defaults.runbooks,
        settings: { placeholder: 'https://' },
      }),
  );
