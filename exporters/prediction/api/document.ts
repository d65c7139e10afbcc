import type { DocumentAbout } from '../../../kit/api/openapi.ts';
import { components } from './schemas.ts';

export const predictionDocument: DocumentAbout = {
  title: 'FleetLens failure prediction',
  description:
    'How likely what fails, why, and how good such statements were. Probabilities are from 0 to 1 and calibrated, so mostly small; rules are facts beside them. Errors are `{"error": {"code", "message", "field"}}`.',
  components,
};
