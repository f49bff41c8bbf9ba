import { hash } from 'node:crypto';
import type { OrderRequest } from '../../book/inputs.js';
import { scaledFigure } from './figures.js';

/** Which order a request is, and whether it says the same as one that came before under this identity. */
export interface OrderIdentity {
  readonly accountId: string;
  readonly orderId: string;
  readonly action: OrderRequest['action'];
  /** Of an AMEND; null for the others. */
  readonly amendId: string | null;
}

/** 132 bits: no two orders share an id by chance. */
const ID_CHARACTERS = 22;

export const identityOf = (request: OrderRequest): OrderIdentity => ({
  accountId: request.accountId,
  orderId: request.orderId,
  action: request.action,
  amendId: request.action === 'AMEND' ? request.amendId : null,
});

/** Id of the order's decision: the same for every retry and redelivery. */
export const decisionIdOf = (identity: OrderIdentity): string => idOf(keyText(identity));

/** Id of the refusal of a used identity with other content, the same whenever that content comes again. */
export const duplicateIdOf = (identity: OrderIdentity, contentHash: string): string =>
  idOf(`${keyText(identity)} ${contentHash}`);

/** Id of the refusal of a record that names an order and is none, from its bytes. */
export const invalidIdOf = (bytes: Uint8Array): string => idOf(bytes);

/**
 * SHA-256, as base64url, of what an order asks for: JSON with sorted keys, defaults applied, decimals canonical. Neither
 * the sender's time nor the mode nor the submitter is part of it. A CANCEL asks for nothing but to cancel: what else
 * stands in it is not content, so that the same cancel never fails for how it is written.
 */
export function contentHashOf(request: OrderRequest): string {
  if (request.action === 'CANCEL') {
    const { accountId, orderId } = request;
    return hash('sha256', JSON.stringify({ account_id: accountId, action: 'CANCEL', order_id: orderId }), 'base64url');
  }
  const content = {
    account_id: request.accountId,
    action: request.action,
    amend_id: request.action === 'AMEND' ? request.amendId : null,
    order_id: request.orderId,
    order_type: request.type,
    price: request.price === null ? null : scaledFigure(request.price),
    quantity: scaledFigure(request.quantity),
    reduce_only: request.reduceOnly,
    side: request.side,
    symbol: request.symbol,
    time_in_force: request.timeInForce,
    trader_id: request.traderId,
  };
  return hash('sha256', JSON.stringify(content), 'base64url');
}

/** No id holds a space, so no two keys are one text, and none with a hash behind it is another key. */
const keyText = ({ accountId, orderId, action, amendId }: OrderIdentity): string =>
  `${accountId} ${orderId} ${action} ${amendId ?? ''}`;

const idOf = (content: string | Uint8Array): string =>
  `dec_${hash('sha256', content, 'base64url').slice(0, ID_CHARACTERS)}`;
