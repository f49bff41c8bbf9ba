import { hash } from 'node:crypto';
import type { CheckResult } from '../../book/check-result.js';
import type { BookAlert } from '../../book/effects.js';
import type { Fill, Level } from '../../book/inputs.js';
import { minorUnits } from '../../decimal/decimal.js';
import type { AlertMessage } from './alert.schema.js';
import { reasonReply } from './decision-reply.js';
import { moneyFigure, priceFigure, scaledFigure } from './figures.js';
import { scopeText } from './reason-message.js';

interface AlertOptions {
  /** ISO 4217, of the account or level that it concerns. */
  readonly currency: string;
  /** ms since 1970, the owner's clock when the book found it. */
  readonly at: number;
}

type AlertOf<Code extends BookAlert['code']> = Extract<BookAlert, { code: Code }>;
type Content = Pick<AlertMessage, 'code' | 'account_id' | 'order_id' | 'severity' | 'message' | 'details'>;

/** 132 bits of its content: the same alert of the same moment is one alert, however often it is told. */
const ID_CHARACTERS = 22;

/** An alert of the book as it is stored and sent. */
export function alertMessageOf(alert: BookAlert, { currency, at }: AlertOptions): AlertMessage {
  const content = contentOf(alert, currency);
  const { account_id, order_id, severity, message, code, details } = content;
  const createdAt = new Date(at).toISOString();
  const digest = hash('sha256', JSON.stringify([createdAt, content]), 'base64url');
  return {
    alert_id: `alt_${digest.slice(0, ID_CHARACTERS)}`,
    rule_id: null,
    account_id,
    order_id,
    severity,
    message,
    state: 'FIRING',
    created_at: createdAt,
    code,
    details,
  } as AlertMessage;
}

function contentOf(alert: BookAlert, currency: string): Content {
  switch (alert.code) {
    case 'LIMIT_BREACH':
      return breach(alert, currency);
    case 'LATCH':
      return latch(alert, currency);
    case 'KILL_SWITCH':
      return killSwitch(alert);
    case 'UNEXPECTED_FILL':
      return unexpectedFill(alert, currency);
    case 'UNEXPECTED_AMEND':
      return unexpectedAmend(alert);
    default:
      return alert satisfies never;
  }
}

/** Losses and the VaR speak of more than this one order. */
const GRAVE: ReadonlySet<CheckResult['code']> = new Set(['VAR_LIMIT', 'DAILY_LOSS', 'DRAWDOWN']);

function breach({ accountId, orderId, symbol, reason }: AlertOf<'LIMIT_BREACH'>, currency: string): Content {
  const { code, level, level_id, before, after, limit, headroom, unit, message } = reasonReply(
    reason,
    currency,
    symbol,
  );
  return {
    code: 'LIMIT_BREACH',
    account_id: accountId,
    order_id: orderId,
    severity: GRAVE.has(code) ? 'HIGH' : 'MEDIUM',
    message: `order ${orderId} of account ${accountId} was rejected: ${message}`,
    details: { level, level_id, reason: code, before, after, limit, headroom, unit },
  };
}

function latch({ latch, level, id, loss, limit }: AlertOf<'LATCH'>, currency: string): Content {
  const isDay = latch === 'DAILY_LOSS';
  const digits = minorUnits(currency);
  const lost = moneyFigure(loss, digits);
  const allowed = isDay ? moneyFigure(limit, digits) : scaledFigure(limit);
  const since = isDay ? 'since the start of the session' : 'from its peak';
  return {
    code: 'LATCH',
    account_id: accountOf(level, id),
    order_id: null,
    severity: 'CRITICAL',
    message:
      `${scopeText(level, id)} has lost ${lost} ${currency} ${since}, limit ${allowed}${isDay ? '' : ' of the peak'}: ` +
      'until a person sets it ACTIVE it takes only orders that reduce',
    details: { level, level_id: id, latch, loss: lost, limit: allowed, unit: isDay ? currency : 'ratio' },
  };
}

function killSwitch({ level, id, reason, actor }: AlertOf<'KILL_SWITCH'>): Content {
  return {
    code: 'KILL_SWITCH',
    account_id: accountOf(level, id),
    order_id: null,
    severity: 'CRITICAL',
    message: `${actor} halted ${scopeText(level, id)}: ${reason}`,
    details: { level, level_id: id, reason, actor },
  };
}

type Cause = AlertOf<'UNEXPECTED_FILL'>['cause'];

/** What is wrong with a fill, and how grave it is: where nothing was booked, what we hold is not what we think. */
const FILLS: Record<Cause, readonly [severity: AlertMessage['severity'], what: string]> = {
  UNKNOWN_ACCOUNT: ['CRITICAL', 'is of an account that does not exist, and could not be booked'],
  UNKNOWN_ORDER: ['HIGH', 'is of an order that is not working'],
  OTHER_TERMS: ['HIGH', 'is of another symbol or side than its order'],
  OVERFILL: ['HIGH', 'is for more than the order had open'],
  NOT_APPROVED: ['HIGH', 'is of an order that still waited for its approval'],
  OTHER_CONTENT: ['CRITICAL', 'has the exec_id of another fill, and was not booked'],
};

function unexpectedFill({ fill, cause }: AlertOf<'UNEXPECTED_FILL'>, currency: string): Content {
  const [severity, what] = FILLS[cause];
  const { orderId, accountId, execId, symbol, side } = fill;
  const { quantity, price } = fillFigures(fill, currency);
  return {
    code: 'UNEXPECTED_FILL',
    account_id: accountId,
    order_id: orderId,
    severity,
    message: `fill ${execId} of order ${orderId}, ${side} ${quantity} ${symbol} at ${price}, ${what}`,
    details: {
      cause,
      exec_id: execId,
      symbol,
      side,
      quantity,
      price,
      timestamp: new Date(fill.timestamp).toISOString(),
    },
  };
}

const AMENDS: Record<AlertOf<'UNEXPECTED_AMEND'>['cause'], string> = {
  UNKNOWN_AMEND: 'which nobody had asked for',
  NOT_APPROVED: 'which still waited for its approval',
  OTHER_QUANTITY: 'which is not the quantity that was asked for',
};

function unexpectedAmend(alert: AlertOf<'UNEXPECTED_AMEND'>): Content {
  const { accountId, orderId, amendId, cause } = alert;
  const quantity = scaledFigure(alert.quantity);
  const what = amendId === null ? '' : ` by ${amendId}`;
  return {
    code: 'UNEXPECTED_AMEND',
    account_id: accountId,
    order_id: orderId,
    severity: 'HIGH',
    message: `the venue amended order ${orderId} of account ${accountId}${what} to ${quantity}, ${AMENDS[cause]}`,
    details: { cause, amend_id: amendId, quantity },
  };
}

const fillFigures = ({ quantity, price }: Fill, currency: string) => ({
  quantity: scaledFigure(quantity),
  price: priceFigure(price, minorUnits(currency)),
});

/** A level of the account tree is an account; traders and instruments are not. */
const accountOf = (level: Level, id: string): string | null =>
  level === 'TRADER' || level === 'INSTRUMENT' ? null : id;
