import { JobProgress } from '../../../src/jobs/job-progress.js';

describe('progress of a job', () => {
  it('adds up its phases by their shares', () => {
    const progress = new JobProgress({ reading: 60, checking: 10, writing: 30 }, 0);
    progress.report('reading', 50, 100);
    expect([progress.phase, progress.percent]).toEqual(['reading', 30]);
    progress.report('writing', 1, 2);
    expect([progress.phase, progress.percent]).toEqual(['writing', 85]);
  });

  it('estimates the time left at the pace so far, once there is something to go by', () => {
    const progress = new JobProgress({}, 1000);
    progress.report('simulating', 1, 100);
    expect(progress.etaSeconds(3000)).toBeNull();
    progress.report('simulating', 25, 100);
    expect(progress.etaSeconds(1400)).toBeNull();
    expect(progress.etaSeconds(3000)).toBe(6); // 2 s for a quarter
  });

  it('never goes back nor beyond 99, whatever is reported', () => {
    const progress = new JobProgress({ reading: 1, writing: 1 }, 0);
    progress.report('writing', 0, 4);
    progress.report('reading', 1, 4);
    expect(progress.percent).toBe(50);
    progress.report('writing', 9, 4);
    expect(progress.percent).toBe(99);
    progress.report('writing', 1, 0);
    expect(progress.percent).toBe(99);
  });
});
