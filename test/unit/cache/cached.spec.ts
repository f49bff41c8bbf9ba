import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Cached } from '../../../src/cache/cached.decorator.js';
import { Cache } from '../../../src/cache/ports.js';
import { aCache } from './a-cache.js';

@Injectable()
class Rates {
  calls: unknown[][] = [];

  @Cached({ ttl: 60 })
  async of(account: string, options?: { from?: string; to?: string }): Promise<{ rate: number }> {
    this.calls.push([account, options]);
    return { rate: this.calls.length };
  }

  @Cached({ ttl: 60, key: (account: string) => `analytics:${account}` })
  async named(account: string): Promise<string> {
    this.calls.push([account]);
    if (account === 'bad') throw new Error('no such account');
    return account;
  }
}

async function open() {
  const { cache } = aCache();
  const module = await Test.createTestingModule({ providers: [Rates, { provide: Cache, useValue: cache }] }).compile();
  return { rates: module.get(Rates), cache };
}

describe('@Cached', () => {
  it('keeps what a method returns, by its arguments in whatever order their fields come', async () => {
    const { rates } = await open();
    const first = await rates.of('acc_1', { from: 'a', to: 'b' });
    expect(await rates.of('acc_1', { to: 'b', from: 'a' })).toEqual(first);
    expect(rates.calls).toHaveLength(1);
    for (const other of [
      ['acc_2', { from: 'a', to: 'b' }],
      ['acc_1', { from: 'b', to: 'a' }],
      ['acc_1'],
      ['acc_1', {}],
    ]) {
      await rates.of(...(other as ['acc_1']));
    }
    expect(rates.calls).toHaveLength(5);
    expect(() => Object.assign(first, { rate: 9 })).toThrow(TypeError);
  });

  it('takes a key of its own, in a namespace, and keeps no error', async () => {
    const { rates, cache } = await open();
    expect(await rates.named('acc_1')).toBe('acc_1');
    expect(await cache.find('analytics:acc_1')).toMatchObject({ value: 'acc_1', level: 'l1' });
    await expect(rates.named('bad')).rejects.toThrow('no such account');
    await expect(rates.named('bad')).rejects.toThrow('no such account');
    expect(rates.calls).toHaveLength(3);
  });

  it('refuses arguments that it could confuse', async () => {
    const { rates } = await open();
    await expect(async () => rates.of('acc_1', new Map() as object)).rejects.toThrow('a Map');
    await expect(async () => rates.of('acc_1', Float64Array.of(1) as object)).rejects.toThrow('an array of numbers');
  });

  it('loads once for many calls at the same time', async () => {
    const { rates } = await open();
    await Promise.all(Array.from({ length: 100 }, () => rates.of('acc_1')));
    expect(rates.calls).toHaveLength(1);
  });
});
