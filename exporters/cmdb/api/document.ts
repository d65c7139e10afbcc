import type { DocumentAbout } from '../../../kit/api/openapi.ts';
import { components } from './schemas.ts';

export const cmdbDocument: DocumentAbout = {
  title: 'FleetLens inventory',
  description:
    'Items of a fleet, what they have to do with one another, and their history. Errors are `{"error": {"code", "message", "field"}}`.',
  components,
};
