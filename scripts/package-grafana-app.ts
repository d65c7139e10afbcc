import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipApp } from './grafana-package/zip-app.ts';

/**
 * Packs the built Grafana app: npm run package -w grafana-plugin
 * A file MANIFEST.txt in it, the signature, is packed as well.
 */
const plugin = join(import.meta.dirname, '..', 'grafana-plugin');
const dist = join(plugin, 'dist');

if (!existsSync(join(dist, 'plugin.json'))) {
  process.stderr.write(`${dist} holds no built app: npm run build -w grafana-plugin\n`);
  process.exitCode = 1;
} else {
  const { name, bytes } = zipApp(dist);
  const file = join(plugin, 'dist-package', name);
  mkdirSync(join(plugin, 'dist-package'), { recursive: true });
  writeFileSync(file, bytes);
  const signed = existsSync(join(dist, 'MANIFEST.txt')) ? 'signed' : 'not signed';
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  process.stdout.write(`${file}\n${bytes.length} bytes, ${signed}, SHA-1 ${sha1}\n`);
}
