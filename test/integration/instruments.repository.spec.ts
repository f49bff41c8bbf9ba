import { InstrumentsRepository } from '../../src/database/instruments.repository.js';
import { SystemClock } from '../../src/risk/clock.js';
import { InstrumentsService } from '../../src/risk/market/instruments.service.js';
import { anInstrument } from '../support/builders.js';
import { describeOnBothDatabases } from '../support/database.js';
import { liveBookOn } from '../support/live-book.js';

describeOnBothDatabases('instruments', (open) => {
  let instruments: InstrumentsService;

  beforeAll(async () => {
    const live = await liveBookOn(open(), new SystemClock());
    await live.open();
    instruments = new InstrumentsService(new InstrumentsRepository(open()), live.book);
  });

  it('are stored with all their fields and replaced as a whole', async () => {
    const wti = anInstrument({
      symbol: 'CL',
      asset_class: 'FUTURE',
      sector: 'ENERGY',
      multiplier: '1000',
      tick_size: '0.01',
      lot_size: '1',
      adv: '300000.5',
      halted: true,
      allow_negative_price: true,
    });
    const { symbol, ...fields } = wti;
    expect(await instruments.put(symbol, fields)).toEqual(wti);
    expect(await instruments.get('CL')).toEqual(wti);
    const { symbol: _, ...plain } = anInstrument();
    await instruments.put('CL', plain);
    expect(await instruments.get('CL')).toEqual({ symbol: 'CL', ...plain });
  });

  it('are created and updated many at a time', async () => {
    const some = ['M1', 'M2'].map((symbol) => anInstrument({ symbol }));
    expect(await instruments.putMany({ instruments: some })).toEqual({ created: 2, updated: 0 });
    const more = ['M3', 'M2'].map((symbol) => anInstrument({ symbol, sector: 'TECH', currency: 'EUR' }));
    expect(await instruments.putMany({ instruments: more })).toEqual({ created: 1, updated: 1 });
    expect(await instruments.get('M2')).toMatchObject({ sector: 'TECH', currency: 'EUR' });
  });

  it('are listed by symbol in pages', async () => {
    await instruments.putMany({ instruments: ['Zb', 'Za', 'ZC', '^Z'].map((symbol) => anInstrument({ symbol })) });
    const first = await instruments.list({ limit: 2, cursor: 'Z' });
    expect([first.data.map(({ symbol }) => symbol), first.next_cursor]).toEqual([['ZC', 'Za'], 'Za']);
    const second = await instruments.list({ limit: 2, cursor: 'Za' });
    expect([second.data.map(({ symbol }) => symbol), second.next_cursor]).toEqual([['Zb', '^Z'], null]);
  });

  it('written by two clients at once in opposite order do not deadlock', async () => {
    const list = Array.from({ length: 500 }, (_, at) => anInstrument({ symbol: `D${at}` }));
    const both = () =>
      [list, [...list].reverse()].map((instruments_) => instruments.putMany({ instruments: instruments_ }));
    await Promise.all(both());
    await Promise.all(both());
    expect(await instruments.get('D499')).toMatchObject({ symbol: 'D499' });
  });

  it('that are unknown are a refusal', async () => {
    await expect(instruments.get('NOPE')).rejects.toMatchObject({ code: 'instrument_not_found' });
  });
});
