import { RiskError } from '../../../../src/risk/errors.js';
import { fieldProblems } from '../../../../src/risk/field-problems.js';
import { refuseCurrencyChange } from '../../../../src/risk/market/instrument-rules.js';
import { instrumentInput, instrumentsInput } from '../../../../src/risk/market/instruments.schema.js';
import { quotesInput } from '../../../../src/risk/market/quotes.schema.js';
import { anInstrument } from '../../../support/builders.js';

describe('an instrument', () => {
  it('is a share with a tick of a cent where only its currency is said', () => {
    expect(instrumentInput.parse({ currency: 'USD' })).toEqual({
      asset_class: 'EQUITY',
      currency: 'USD',
      sector: null,
      multiplier: '1',
      tick_size: '0.01',
      lot_size: '1',
      adv: null,
      halted: false,
      allow_negative_price: false,
    });
  });

  it('has tick, lot, multiplier and volume above 0', () => {
    const body = { currency: 'USD', tick_size: 0, lot_size: '-1', multiplier: 0, adv: 0 };
    const { error } = instrumentInput.safeParse(body);
    expect(fieldProblems(error!, body).map(({ pointer }) => pointer)).toEqual([
      '/multiplier',
      '/tick_size',
      '/lot_size',
      '/adv',
    ]);
  });

  it('stands once in a list, and the problem names the second', () => {
    const body = { instruments: [{ symbol: 'A' }, { symbol: 'A', currency: 'USD' }] };
    const { error } = instrumentsInput.safeParse(body);
    expect(fieldProblems(error!, body).map(({ pointer, detail }) => `${pointer}: ${detail}`)).toEqual([
      '/instruments/0/currency: expected a string, got nothing',
      '/instruments/1/symbol: expected each symbol once, /instruments/0 has it already, got "A"',
    ]);
  });

  it('keeps its currency while an account holds it', () => {
    const wanted = [anInstrument({ symbol: 'GE' }), anInstrument({ symbol: 'AAPL', currency: 'EUR' })];
    expect(() => refuseCurrencyChange(wanted, [])).not.toThrow();
    const change = () => refuseCurrencyChange(wanted, [{ symbol: 'AAPL', currency: 'USD', accountId: 'acc_1' }]);
    expect(change).toThrow(RiskError);
    expect(change).toThrow('expected AAPL in USD while acc_1 holds it, got EUR');
  });
});

describe('quotes on the wire', () => {
  it('have a time in the past century at most', () => {
    const body = { quotes: [{ symbol: 'A', price: 1, timestamp: '0000-01-01T00:00:00Z' }] };
    const { error } = quotesInput.safeParse(body);
    expect(fieldProblems(error!, body)).toMatchObject([{ pointer: '/quotes/0/timestamp' }]);
  });

  it('need no bid, ask or volume', () => {
    const parsed = quotesInput.parse({ quotes: [{ symbol: 'A', price: '1.50', timestamp: '2026-03-02T15:00:00Z' }] });
    expect(parsed.quotes[0]).toMatchObject({ price: '1.5', bid: null, ask: null, volume: null });
  });
});
