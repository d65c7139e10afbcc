import { fileURLToPath } from 'node:url';
import { templateFile } from '../../alertmanager/render.ts';

export const templatesDir = fileURLToPath(new URL('../../alertmanager/templates', import.meta.url));
export const templatesPath = `${templatesDir}/${templateFile}`;
