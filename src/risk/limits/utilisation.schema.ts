import { z } from 'zod';
import { accountId, decimalText, listOf, symbol } from '../wire.schema.js';

export const utilisationQuery = z.strictObject({ account_id: accountId });
export type UtilisationQuery = z.output<typeof utilisationQuery>;

const figure = decimalText.nullable();

const utilisationRow = z
  .strictObject({
    code: z.string().describe('As in the checks of a decision'),
    level: z.enum(['FIRM', 'DESK', 'ACCOUNT', 'TRADER', 'INSTRUMENT']),
    level_id: z.string(),
    symbol: symbol.nullable().describe('Of a limit per symbol: the one that is nearest to it'),
    limit: decimalText,
    used: figure.describe('By positions. Null: a ratio of an equity that is not positive is beyond any limit'),
    reserved: figure.describe('By working orders'),
    headroom: figure.describe('limit − used − reserved; negative where the limit is exceeded'),
    utilisation: z.number().nullable().describe('(used + reserved) ÷ limit; null where that has no end'),
    unit: z.string().describe('The currency for money, else units, ratio or orders'),
  })
  .meta({ id: 'Utilisation' });
export type UtilisationRow = z.infer<typeof utilisationRow>;

export const utilisationReply = listOf(utilisationRow).meta({ id: 'UtilisationList' });
export type UtilisationReply = z.infer<typeof utilisationReply>;
