import {
  booleanOverrideProcessor,
  type DataTransformerInfo,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldColorModeId,
  type FieldConfigPropertyItem,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  ThresholdsMode,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const editorIds = [
  'actions',
  'boolean',
  'color',
  'dashboard-uid',
  'field-name',
  'fieldColor',
  'links',
  'mappings',
  'multi-select',
  'number',
  'radio',
  'select',
  'slider',
  'stats-picker',
  'string-array',
  'strings',
  'text',
  'thresholds',
  'timezone',
  'unit',
];

type Process = FieldConfigPropertyItem['process'];

const fieldOptions: Readonly<Record<string, { readonly process: Process; readonly defaultValue?: unknown }>> = {
  unit: { process: unitOverrideProcessor },
  min: { process: numberOverrideProcessor },
  max: { process: numberOverrideProcessor },
  decimals: { process: numberOverrideProcessor },
  fieldMinMax: { process: booleanOverrideProcessor },
  filterable: { process: booleanOverrideProcessor },
  displayName: { process: displayNameOverrideProcessor },
  noValue: { process: stringOverrideProcessor },
  color: { process: identityOverrideProcessor, defaultValue: { mode: FieldColorModeId.Thresholds } },
  actions: { process: identityOverrideProcessor },
  thresholds: {
    process: thresholdsOverrideProcessor,
    defaultValue: {
      mode: ThresholdsMode.Absolute,
      steps: [
        { value: Number.NEGATIVE_INFINITY, color: 'green' },
        { value: 80, color: 'red' },
      ],
    },
  },
  mappings: { process: valueMappingsOverrideProcessor, defaultValue: [] },
  links: { process: dataLinksOverrideProcessor },
};

/** Nobody edits panels here, so editors are empty; what they process is Grafana's. */
export function fillRegistries(): void {
  const editor = () => null;
  standardEditorsRegistry.setInit(() => editorIds.map((id) => ({ id, name: id, editor })));
  standardFieldConfigEditorRegistry.setInit(() =>
    Object.entries(fieldOptions).map(([id, { process, defaultValue }]) => ({
      id,
      path: id,
      name: id,
      description: '',
      category: ['Standard options'],
      settings: {},
      editor,
      override: editor,
      process,
      defaultValue,
      shouldApply: () => true,
    })),
  );
  // Some have two names.
  standardTransformersRegistry.setInit(() =>
    [...new Map(Object.values(standardTransformers).map((each) => [each.id, each])).values()].map((transformation) => ({
      id: transformation.id,
      name: transformation.name,
      description: '',
      transformation: eitherWay(transformation),
      editor,
      imageDark: '',
      imageLight: '',
    })),
  );
}

/** Grafana 13 asks for a promise of the transformation, Grafana 12 for the transformation itself. */
function eitherWay(transformation: DataTransformerInfo): () => Promise<DataTransformerInfo> {
  const promise = async () => transformation;
  return Object.defineProperties(promise, Object.getOwnPropertyDescriptors(transformation));
}
