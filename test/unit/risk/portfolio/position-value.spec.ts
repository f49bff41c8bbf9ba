import { valuedPosition } from '../../../../src/risk/portfolio/position-value.js';
import { aPosition } from '../../../support/builders.js';

const mark = { price: '126.04', asOf: '2022-12-28T00:00:00.000Z' };
const pricing = { minorUnits: 2, multiplier: '1', mark };

describe('value of a position', () => {
  it('is quantity × mark × multiplier, and the profit is measured from the average price', () => {
    const position = aPosition({ quantity: '100', averagePrice: '120.5' });
    expect(valuedPosition(position, { ...pricing, multiplier: '10' })).toEqual({
      symbol: 'AAPL',
      direction: 'LONG',
      volume: '100',
      quantity: '100',
      average_price: '120.5',
      market_value: '126040.00', // 100 × 126.04 × 10
      mark: '126.04',
      mark_as_of: '2022-12-28T00:00:00.000Z',
      unrealized_pnl: '5540.00', // 100 × (126.04 − 120.5) × 10
    });
  });

  it('is negative for a short, whose profit is a falling price', () => {
    const valued = valuedPosition(aPosition({ quantity: '-40', averagePrice: '130' }), pricing);
    expect(valued).toMatchObject({ direction: 'SHORT', volume: '40', quantity: '-40', market_value: '-5041.60' });
    expect(valued.unrealized_pnl).toBe('158.40'); // −40 × (126.04 − 130)
  });

  it('is unknown without a mark, never zero', () => {
    const valued = valuedPosition(aPosition({ averagePrice: '120' }), { ...pricing, mark: undefined });
    expect(valued).toMatchObject({ market_value: null, mark: null, mark_as_of: null, unrealized_pnl: null });
  });

  it('has no profit where no average price is known', () => {
    expect(valuedPosition(aPosition(), pricing)).toMatchObject({ market_value: '12604.00', unrealized_pnl: null });
  });

  it('is rounded half even to the minor unit of the currency', () => {
    const valueAt = (price: string, minorUnits: number) =>
      valuedPosition(aPosition({ quantity: '1' }), { ...pricing, minorUnits, mark: { ...mark, price } }).market_value;
    expect(valueAt('0.125', 2)).toBe('0.12');
    expect(valueAt('0.135', 2)).toBe('0.14');
    expect(valueAt('100.5', 0)).toBe('100'); // JPY
    expect(valueAt('1.0005', 3)).toBe('1.000'); // KWD
  });

  it('shows a mark with at most 8 digits behind the point, and values with all of them', () => {
    const long = { ...mark, price: '0.123456789012' };
    const valued = valuedPosition(aPosition({ quantity: '1000000000000' }), { ...pricing, mark: long });
    expect(valued).toMatchObject({ mark: '0.12345679', market_value: '123456789012.00' });
  });
});
