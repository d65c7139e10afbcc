import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the page that plays Grafana, with the libraries found from `dependencies`, and puts beside it what that page asks for: icons and fonts.
 * @param {{ source: string, dependencies: string, outFolder: string }} folders
 */
export async function buildPreviewHost({ source, dependencies, outFolder }) {
  const require = createRequire(join(dependencies, 'package.json'));
  const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));
  const runtime = folderOf('@grafana/runtime');
  await build({
    entryPoints: [join(source, 'main.tsx')],
    outfile: join(outFolder, 'host.js'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    jsx: 'transform',
    loader: { '.svg': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
    define: { global: 'window', 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
    logOverride: { 'package.json': 'silent' },
    plugins: [{ name: 'libraries', setup: (bundler) => takeLibrariesFrom(bundler, { source, dependencies, runtime }) }],
  });
  const ui = folderOf('@grafana/ui');
  cpSync(join(ui, 'dist', 'public', 'img', 'icons'), join(outFolder, 'public', 'build', 'img', 'icons'), {
    recursive: true,
  });
  // A few icons that Grafana's components ask for are not in its package.
  cpSync(join(source, 'icons'), join(outFolder, 'public', 'build', 'img', 'icons', 'unicons'), { recursive: true });
  const inter = join(folderOf('@fontsource/inter'), 'files');
  for (const [file, name] of [
    ['400-normal', 'Regular'],
    ['400-italic', 'Italic'],
    ['500-normal', 'Medium'],
  ]) {
    cpSync(
      join(inter, `inter-latin-${file}.woff2`),
      join(outFolder, 'public', 'fonts', 'inter', `Inter-${name}.woff2`),
    );
  }
  const { version } = JSON.parse(readFileSync(join(ui, 'package.json'), 'utf8'));
  const page = readFileSync(join(source, 'index.html'), 'utf8').replace('%GRAFANA%', version);
  writeFileSync(join(outFolder, 'index.html'), page);
}

/** Imports of our own files are looked up where the libraries of the chosen Grafana are; what those import in turn is found as usual. */
function takeLibrariesFrom(bundler, { source, dependencies, runtime }) {
  bundler.onResolve({ filter: /^runtime-file:/ }, ({ path }) => ({
    path: join(runtime, 'dist', 'esm', `${path.slice('runtime-file:'.length)}.mjs`),
  }));
  bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind, resolveDir, pluginData }) =>
    pluginData === 'looked-up' || !resolveDir.startsWith(source)
      ? undefined
      : bundler.resolve(path, { kind, resolveDir: dependencies, pluginData: 'looked-up' }),
  );
}
