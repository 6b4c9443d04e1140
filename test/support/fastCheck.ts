import fc from 'fast-check';

/**
 * Property-based tests play the same cases each time, so that a red run can be repeated and a change is the only
 * reason for one. To look for more: `FAST_CHECK_SEED=7 npm run test:engine`.
 */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) });

export default fc;
