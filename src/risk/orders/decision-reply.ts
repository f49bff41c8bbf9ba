import type { CheckResult } from '../../book/check-result.js';
import type { Decision } from '../../book/decision.js';
import { minorUnits } from '../../decimal/decimal.js';
import type { CheckReply, DecisionReply, ReasonReply } from './decision.schema.js';
import { figuresOf, moneyFigure, priceFigure, scaledFigure, unitOf } from './figures.js';
import { messageOf } from './reason-message.js';

interface ReplyOptions {
  readonly decisionId: string;
  /** ISO 4217, of the account; where it is not known, of the instrument. */
  readonly currency: string;
}

/** What is answered to an order. */
export interface Answer {
  /** Without its `checks`. */
  readonly reply: DecisionReply;
  /** All that were evaluated, where all were asked for. */
  readonly checks: readonly CheckResult[] | null;
  /** ISO 4217, of the figures. */
  readonly currency: string;
}

/** All of an answer. Over HTTP `decisionText` writes it, in the same words. */
export function fullReply({ reply, checks, currency }: Answer): DecisionReply {
  const digits = minorUnits(currency);
  return checks === null ? reply : { ...reply, checks: checks.map((result) => checkReply(result, currency, digits)) };
}

/** What the book decided, as it is stored: all of its answer but the checks. */
export function decisionReply(decision: Decision, { decisionId, currency }: ReplyOptions): DecisionReply {
  const digits = minorUnits(currency);
  const { nearest, valueAtRisk, reservation, inputs } = decision;
  return {
    decision_id: decisionId,
    order_id: decision.orderId,
    account_id: decision.accountId,
    action: decision.action,
    amend_id: decision.amendId,
    mode: decision.mode,
    allow_order: decision.allowOrder,
    decision: decision.decision,
    control_actions: [...decision.controlActions],
    reasons: decision.reasons.map((result) => reasonReply(result, currency, decision.symbol)),
    checks: null,
    nearest: nearest && checkReply(nearest, currency, digits),
    max_allowed_quantity: decision.maxAllowedQuantity === null ? null : scaledFigure(decision.maxAllowedQuantity),
    var: valueAtRisk && {
      before_ratio: ratioNumber(valueAtRisk.beforeRatio),
      after_ratio: ratioNumber(valueAtRisk.afterRatio),
      limit_ratio: valueAtRisk.limitRatio,
      exact: valueAtRisk.exact,
    },
    revision: decision.revision,
    replayed: false,
    warnings: [...decision.warnings],
    reservation: reservation && {
      quantity: scaledFigure(reservation.quantity),
      lock_price: priceFigure(reservation.lockPrice, digits),
      notional: moneyFigure(reservation.money, digits),
      expires_at: reservation.expiresAt === null ? null : instant(reservation.expiresAt),
    },
    inputs: {
      reference_price: inputs.referencePrice === null ? null : priceFigure(inputs.referencePrice, digits),
      reference_source: inputs.referenceSource,
      reference_age_ms: inputs.referenceAgeMs,
      positions_version: inputs.positionsVersion,
      limits_version: inputs.limitsVersion,
      price_version: inputs.priceVersion,
    },
    timestamp: instant(decision.eventTime),
  };
}

/** A stored decision as it is given to a retry. */
export const replayed = (reply: DecisionReply): DecisionReply => ({ ...reply, replayed: true });

/** One that did not pass, with its figures and its message. */
export function reasonReply(result: CheckResult, currency: string, symbol: string | null): ReasonReply {
  const { kind, level, levelId } = result;
  const figures = figuresOf(result, minorUnits(currency));
  const unit = unitOf(kind.unit, currency);
  const { before, after, limit, headroom } = figures;
  return {
    code: kind.code,
    severity: result.isHardBreach ? 'HARD' : result.status === 'WARN' ? 'WARNING' : 'SOFT',
    level,
    level_id: levelId,
    before,
    after,
    limit,
    headroom,
    unit,
    fix_reason: kind.fixReason,
    message: messageOf(result, figures, { unit, symbol }),
  };
}

function checkReply(result: CheckResult, currency: string, digits: number): CheckReply {
  const { kind, status, level, levelId, exact } = result;
  const { before, after, limit, headroom } = figuresOf(result, digits);
  return {
    code: kind.code,
    status,
    level,
    level_id: levelId,
    before,
    after,
    limit,
    headroom,
    unit: unitOf(kind.unit, currency),
    soft: kind.soft === true,
    exact,
  };
}

/** JSON has no infinity, and the book says Number.MAX_VALUE for any loss over an equity that is not positive. */
const ratioNumber = (ratio: number): number | null => (Math.abs(ratio) < Number.MAX_VALUE ? ratio : null);

let lastInstant = { ms: Number.NaN, text: '' };

/** RFC 3339 of a time in ms since 1970. Many decisions share a millisecond, whose text costs as much as their figures. */
function instant(ms: number): string {
  if (lastInstant.ms !== ms) lastInstant = { ms, text: new Date(ms).toISOString() };
  return lastInstant.text;
}
