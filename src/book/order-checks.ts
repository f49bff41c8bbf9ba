import type { OrderCheck } from './order-check.js';
import { approvalQuantity } from './order-checks/approval-quantity.js';
import { averageDailyVolume } from './order-checks/average-daily-volume.js';
import { buyingPower } from './order-checks/buying-power.js';
import { concentration } from './order-checks/concentration.js';
import { dailyLoss } from './order-checks/daily-loss.js';
import { drawdownLimit } from './order-checks/drawdown.js';
import { duplicateContent } from './order-checks/duplicate-content.js';
import { equityKnown } from './order-checks/equity-known.js';
import { grossExposure } from './order-checks/gross-exposure.js';
import { instrumentHalted } from './order-checks/instrument-halted.js';
import { knownAccount } from './order-checks/known-account.js';
import { knownSymbol } from './order-checks/known-symbol.js';
import { leverage } from './order-checks/leverage.js';
import { mandatoryLimits } from './order-checks/mandatory-limits.js';
import { netExposure } from './order-checks/net-exposure.js';
import { openOrders } from './order-checks/open-orders.js';
import { orderAge } from './order-checks/order-age.js';
import { orderIdentity } from './order-checks/order-identity.js';
import { orderNotional } from './order-checks/order-notional.js';
import { orderQuantity } from './order-checks/order-quantity.js';
import { orderRate } from './order-checks/order-rate.js';
import { positionLimit } from './order-checks/position-limit.js';
import { priceCollar } from './order-checks/price-collar.js';
import { priceValid } from './order-checks/price-valid.js';
import { quantityValid } from './order-checks/quantity-valid.js';
import { reduceOnly } from './order-checks/reduce-only.js';
import { referencePrice } from './order-checks/reference-price.js';
import { restricted } from './order-checks/restricted.js';
import { riskData } from './order-checks/risk-data.js';
import { sameCurrency } from './order-checks/same-currency.js';
import { selfTrade } from './order-checks/self-trade.js';
import { tradingState } from './order-checks/trading-state.js';
import { valueAtRisk } from './order-checks/value-at-risk.js';

/** All checks of an order in the order of evaluation; the first hard breach is the primary reason. */
export const ORDER_CHECKS: readonly OrderCheck[] = [
  orderIdentity,
  orderAge,
  knownAccount,
  knownSymbol,
  sameCurrency,
  mandatoryLimits,
  tradingState,
  restricted,
  instrumentHalted,
  quantityValid,
  priceValid,
  referencePrice,
  orderQuantity,
  orderNotional,
  averageDailyVolume,
  priceCollar,
  orderRate,
  duplicateContent,
  openOrders,
  selfTrade,
  reduceOnly,
  equityKnown,
  positionLimit,
  grossExposure,
  netExposure,
  concentration,
  buyingPower,
  leverage,
  dailyLoss,
  drawdownLimit,
  riskData,
  valueAtRisk,
  approvalQuantity,
];
