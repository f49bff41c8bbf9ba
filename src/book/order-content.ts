import type { CheckedOrder } from './inputs.js';

/** What makes two orders of an account the same but for their ids. */
export const contentOf = ({ symbol, side, quantity, price, type }: CheckedOrder): string =>
  `${symbol} ${side} ${quantity} ${type} ${price}`;
