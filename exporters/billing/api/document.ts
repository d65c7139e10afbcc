import type { DocumentAbout } from '../../../kit/api/openapi.ts';
import { components } from './schemas.ts';

export const billingDocument: DocumentAbout = {
  title: 'FleetLens billing',
  description:
    'What was metered, whose it is, and what it costs. Money and quantities are decimal numbers as texts. A token that is confined to tenants sees these alone. Errors are `{"error": {"code", "message", "field"}}`.',
  components,
};
