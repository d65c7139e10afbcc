import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import scaffold, { type Env } from './.config/webpack/webpack.config.ts';

const patterns = [
  // The scaffold copies the images of the app alone.
  { from: 'panels/*/img/*.svg', to: '.' },
  { from: '../../dashboards/generated/*.json', to: 'dashboards/[name][ext]' },
];

export default async (env: Env): Promise<Configuration> =>
  merge(await scaffold(env), { plugins: [new CopyWebpackPlugin({ patterns })] });
