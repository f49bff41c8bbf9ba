import { z } from 'zod';
import { orderUpdateMessage } from '../orders/order-update.schema.js';
import { positionsMessage } from './positions.schema.js';

/** What comes on `portfolio_updates`: it is a snapshot where it has positions. */
export const portfolioUpdate = z.union([positionsMessage, orderUpdateMessage]).meta({ id: 'PortfolioUpdate' });
export type PortfolioUpdate = z.output<typeof portfolioUpdate>;

export const isSnapshot = (update: PortfolioUpdate): update is z.output<typeof positionsMessage> =>
  'positions' in update;

export const isOrderUpdate = (update: PortfolioUpdate): update is z.output<typeof orderUpdateMessage> =>
  !isSnapshot(update);
