import { defineConfig } from 'eslint/config';
import scaffold from './.config/eslint.config.mjs';

const everywhere = [
  { selector: 'Literal[value=/api.ds.query/]', message: 'query through a data source' },
  { selector: 'Literal[value=/gf-form/]', message: 'use @grafana/ui components' },
];

export default defineConfig([
  { ignores: ['dist/', 'dist-preview/', 'preview/', 'coverage/', '**/.eslintcache', '.config/', '*.js', '*.ts'] },
  ...scaffold,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      // The rest of the repository writes short guards without braces.
      curly: 'off',
      'no-duplicate-imports': 'off',
      // Without the empty options those of the scaffold stay, which allow it.
      'no-console': ['error', {}],
      'no-alert': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'window', property: 'location', message: 'use locationService' },
        { object: 'window', property: 'grafanaBootData', message: 'use config.bootData' },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@emotion/react', importNames: ['Global'] }], patterns: ['*.css', '*.scss', 'node:*'] },
      ],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['src/panels/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...everywhere,
        { selector: 'ImportExpression', message: 'Grafana serves no chunks of nested panels' },
      ],
    },
  },
]);
