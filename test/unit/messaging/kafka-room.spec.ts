import { Room } from '../../../src/messaging/kafka/room.js';

describe('Room', () => {
  it('lets in, in turn, whoever fits', async () => {
    const room = new Room(3, 100);
    expect(room.tryTake(3, 10)).toBe(true);
    const entered: string[] = [];
    const big = room.take(3, 10, 5_000).then(() => entered.push('big'));
    const small = room.take(1, 10, 5_000).then(() => entered.push('small'));
    // There is room for the small one, but the big one came first.
    room.free(1, 5);
    expect(room.tryTake(1, 1)).toBe(false);
    room.free(2, 5);
    await big;
    expect(entered).toEqual(['big']);
    room.free(3, 10);
    await small;
    expect(room.used).toBe(1);
  });

  it('gives up after its time, and lets in those behind', async () => {
    const room = new Room(2, 100);
    room.tryTake(1, 10);
    const big = room.take(2, 10, 20);
    const small = room.take(1, 10, 5_000);
    expect(await big).toBe(false);
    expect(await small).toBe(true);
  });

  it('takes one that is larger than all of it, alone', () => {
    const room = new Room(10, 100);
    expect(room.tryTake(1, 1_000)).toBe(true);
    expect(room.tryTake(1, 1)).toBe(false);
  });
});
