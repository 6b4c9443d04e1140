import { clock as nodeClock } from '../../nodes/Partnero/transport/clock';
import { clock as sandboxClock } from '../../sandbox/clock';

/**
 * Tests run the clocks of the node and of the sandbox twenty times as fast, so that a back-off, a
 * `Retry-After` or a lag of one second takes 50 ms and they keep their lengths beside each other. What the
 * requests themselves take stays as it is, so a lag that is there for requests to meet in has to be long
 * enough: 20 ms of real time are a `latency` of 400.
 */
const usual = 20;

/** Sets both clocks in the middle of a test; without a speed, to the usual one. */
export function setSpeed(speed: number = usual): void {
	nodeClock.speed = speed;
	sandboxClock.speed = speed;
}

/** Another speed for the tests of this file or of this `describe`. */
export function useSpeed(speed: number): void {
	beforeAll(() => setSpeed(speed));
	afterAll(() => setSpeed());
}

/** For tests whose subject is the time that something really takes. */
export function useRealTime(): void {
	useSpeed(1);
}

setSpeed();
